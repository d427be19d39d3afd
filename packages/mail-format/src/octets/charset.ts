// Octets to text by charset label. Labels and tables are those of the Encoding Standard (TextDecoder). What has no
// usable label is read as UTF-8 when it is UTF-8, else as windows-1252, which maps every octet to something.

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');
/** Labels under which people send UTF-8 all the same. */
const WEAK_LABELS = new Set(['', 'us-ascii', 'ascii', 'ansi_x3.4-1968', 'unknown-8bit', 'x-unknown', 'default']);

/** Text of octets that carry no label: header fields with raw 8-bit octets (RFC 6532 or older habits). */
export function decodeUnlabelled(octets: Uint8Array): string {
  try {
    return strictUtf8.decode(octets);
  } catch {
    return windows1252.decode(octets);
  }
}

/** Text of octets in the charset of this label; never throws. An RFC 2231 §5 language suffix (`utf-8*en`) is ignored. */
export function decodeCharset(octets: Uint8Array, label: string): string {
  const plainLabel = (label.split('*')[0] ?? '').trim().toLowerCase();
  const decoder = WEAK_LABELS.has(plainLabel) ? null : decoderFor(plainLabel);
  return decoder === null ? decodeUnlabelled(octets) : decoder.decode(octets);
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
}
