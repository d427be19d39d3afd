// Base64, RFC 2045 §6.8. Decoding skips what is not in the alphabet, as the RFC asks, and goes on after padding in the
// middle, which appears where gateways join encoded pieces.

import { CR, LF } from './octets.js';

const ascii = new TextDecoder('latin1');
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
  return ascii.decode(encodeInLines(octets, Number.POSITIVE_INFINITY));
}

/** Base64 in lines of 76 characters, each with CRLF. */
export function encodeBase64Lines(octets: Uint8Array): string {
  return ascii.decode(encodeInLines(octets, BASE64_LINE_CHARS));
}

function encodeInLines(octets: Uint8Array, lineChars: number): Uint8Array {
  const encodedChars = Math.ceil(octets.length / 3) * 4;
  const encoded = new Uint8Array(encodedChars + Math.ceil(encodedChars / lineChars) * 2);
  let length = 0;
  let column = 0;
  for (let at = 0; at < octets.length; at += 3) {
    encodeTriple(octets, at, encoded, length);
    length += 4;
    column += 4;
    if (column < lineChars && (at + 3 < octets.length || lineChars === Number.POSITIVE_INFINITY)) continue;
    encoded.set([CR, LF], length);
    length += 2;
    column = 0;
  }
  return encoded.subarray(0, length);
}

function encodeTriple(octets: Uint8Array, at: number, into: Uint8Array, offset: number): void {
  const present = octets.length - at;
  const bits = ((octets[at] ?? 0) << 16) | ((octets[at + 1] ?? 0) << 8) | (octets[at + 2] ?? 0);
  into[offset] = ALPHABET.charCodeAt((bits >> 18) & 0x3f);
  into[offset + 1] = ALPHABET.charCodeAt((bits >> 12) & 0x3f);
  into[offset + 2] = present > 1 ? ALPHABET.charCodeAt((bits >> 6) & 0x3f) : PADDING;
  into[offset + 3] = present > 2 ? ALPHABET.charCodeAt(bits & 0x3f) : PADDING;
}
