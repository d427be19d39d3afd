// Quoted-printable, RFC 2045 §6.7. Decoding keeps what is malformed as it stands rather than lose it.

import { CR, encodeUtf8, LF, SPACE, startsWithOctets, TAB } from './octets.js';
import { LineCursor } from './line-cursor.js';

const EQUALS = 0x3d;
const UNDERSCORE = 0x5f;
const DOT = 0x2e;
const MBOX_FROM = encodeUtf8('From ');
/** RFC 2045 §6.7 rule 5: at most 76 characters in a line, with the `=` of a soft line break. */
const LINE_CHARS = 76;

export function decodeQuotedPrintable(encoded: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(encoded.length);
  const cursor = new LineCursor(encoded);
  let length = 0;
  while (cursor.next()) {
    const end = withoutTrailingSpace(encoded, cursor.lineStart, cursor.lineEnd);
    const isSoftBreak = end > cursor.lineStart && encoded[end - 1] === EQUALS;
    length = decodeEscapes(encoded.subarray(cursor.lineStart, isSoftBreak ? end - 1 : end), decoded, length);
    if (isSoftBreak) continue;
    const lineBreak = encoded.subarray(cursor.lineEnd, cursor.position);
    decoded.set(lineBreak, length);
    length += lineBreak.length;
  }
  return decoded.subarray(0, length);
}

/** The "Q" encoding of encoded-words, RFC 2047 §4.2: like quoted-printable, with `_` for a space. */
export function decodeQ(encoded: Uint8Array): Uint8Array {
  const spaced = encoded.map((octet) => (octet === UNDERSCORE ? SPACE : octet));
  const decoded = new Uint8Array(spaced.length);
  return decoded.subarray(0, decodeEscapes(spaced, decoded, 0));
}

/** Encodes text whose line ends are CRLF. Spaces at line ends and lines that start with "From " or "." are escaped too, so that no relay alters them. */
export function encodeQuotedPrintable(octets: Uint8Array): string {
  const cursor = new LineCursor(octets);
  const lines: string[] = [];
  while (cursor.next()) {
    const isTerminated = cursor.lineEnd !== cursor.position;
    lines.push(encodeLine(octets.subarray(cursor.lineStart, cursor.lineEnd)), isTerminated ? '\r\n' : '');
  }
  return lines.join('');
}

function encodeLine(line: Uint8Array): string {
  const pieces: string[] = [];
  let column = 0;
  line.forEach((octet, index) => {
    const piece = isEscapeNeeded(line, octet, index) ? escapeOctet(octet) : String.fromCharCode(octet);
    const room = index === line.length - 1 ? LINE_CHARS : LINE_CHARS - 1;
    if (column + piece.length > room) {
      pieces.push('=\r\n');
      column = 0;
    }
    pieces.push(piece);
    column += piece.length;
  });
  return pieces.join('');
}

function isEscapeNeeded(line: Uint8Array, octet: number, index: number): boolean {
  if (octet === SPACE || octet === TAB) return index === line.length - 1;
  if (index === 0 && (octet === DOT || startsWithOctets(line, MBOX_FROM))) return true;
  return octet < 0x21 || octet > 0x7e || octet === EQUALS;
}

export function escapeOctet(octet: number): string {
  return `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}

function decodeEscapes(line: Uint8Array, into: Uint8Array, start: number): number {
  let length = start;
  for (let at = 0; at < line.length; at++) {
    const value = line[at] === EQUALS ? hexPair(line[at + 1], line[at + 2]) : -1;
    into[length++] = value < 0 ? (line[at] ?? 0) : value;
    if (value >= 0) at += 2;
  }
  return length;
}

function hexPair(high: number | undefined, low: number | undefined): number {
  const left = hexValue(high);
  const right = hexValue(low);
  return left < 0 || right < 0 ? -1 : left * 16 + right;
}

function hexValue(octet = 0): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet & 0xdf;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
}

function withoutTrailingSpace(octets: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && (octets[last - 1] === SPACE || octets[last - 1] === TAB || octets[last - 1] === CR || octets[last - 1] === LF)) last -= 1;
  return last;
}
