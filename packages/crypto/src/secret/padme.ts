/**
 * Size to which `sizeBytes` octets are padded: Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and
 * Communication with PURBs", PETS 2019, §4.4). Sizes leak O(log log n) bits, at a cost of at most 12 %.
 */
export function padmeSize(sizeBytes: number): number {
  if (sizeBytes < 2) return sizeBytes;
  const exponent = Math.floor(Math.log2(sizeBytes));
  const mantissaBits = Math.floor(Math.log2(exponent)) + 1;
  const bucket = 2 ** Math.max(0, exponent - mantissaBits);
  return Math.ceil(sizeBytes / bucket) * bucket;
}
