// Base64, RFC 2045 §6.8. Decoding skips what is not in the alphabet, as the RFC asks, and goes on after padding in the
// middle, which appears where gateways join encoded pieces.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;
/** RFC 2045 §6.8: encoded lines have at most 76 characters. */
export const BASE64_LINE_CHARS = 76;

const VALUE_OF = new Int8Array(256).fill(-1);
for (let value = 0; value < ALPHABET.length; value++) VALUE_OF[ALPHABET.charCodeAt(value)] = value;

export function decodeBase64(encoded: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(Math.ceil((encoded.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let bitCount = 0;
  for (const octet of encoded) {
    if (octet === PADDING) bitCount = 0;
    const value = VALUE_OF[octet] ?? -1;
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    decoded[length++] = (bits >> bitCount) & 0xff;
  }
  return decoded.subarray(0, length);
}

export function encodeBase64(octets: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < octets.length; at += 3) pieces.push(encodeTriple(octets, at));
  return pieces.join('');
}

/** Base64 in lines of 76 characters, each with CRLF. */
export function encodeBase64Lines(octets: Uint8Array): string {
  const lineOctets = (BASE64_LINE_CHARS / 4) * 3;
  const lines: string[] = [];
  for (let at = 0; at < octets.length; at += lineOctets) lines.push(`${encodeBase64(octets.subarray(at, at + lineOctets))}\r\n`);
  return lines.join('');
}

function encodeTriple(octets: Uint8Array, at: number): string {
  const first = octets[at] ?? 0;
  const second = octets[at + 1];
  const third = octets[at + 2];
  const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
  const character = (shift: number): string => ALPHABET.charAt((bits >> shift) & 0x3f);
  return character(18) + character(12) + (second === undefined ? '=' : character(6)) + (third === undefined ? '=' : character(0));
}
