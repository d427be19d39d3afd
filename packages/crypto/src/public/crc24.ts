// CRC-24 of ASCII armor, RFC 9580 §6.1.1.

const INITIAL = 0xb704ce;
const GENERATOR = 0x864cfb;
const MASK = 0xffffff;

const TABLE = Uint32Array.from({ length: 256 }, (_, octet) => {
  let remainder = octet << 16;
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder << 1) ^ (remainder & 0x800000 ? GENERATOR : 0);
  return remainder & MASK;
});

/** Three octets. */
export function crc24(octets: Uint8Array): Uint8Array {
  let remainder = INITIAL;
  for (const octet of octets) remainder = ((remainder << 8) & MASK) ^ TABLE[(remainder >>> 16) ^ octet]!;
  return Uint8Array.of(remainder >>> 16, (remainder >>> 8) & 0xff, remainder & 0xff);
}
