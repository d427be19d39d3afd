// Header blocks, RFC 5322 §2.2 with RFC 6532 (UTF-8). A block is kept as octets; fields are a reading of it. Lines that
// are no field (no name before a colon) are left out of the reading and stay in the block.

import { decodeUnlabelled } from '../octets/charset.js';
import { LineCursor } from '../octets/line-cursor.js';
import { SPACE, TAB } from '../octets/octets.js';
import { MAX_HEADER_FIELDS } from '../limits.js';

const COLON = 0x3a;

export interface HeaderField {
  /** As written. Compare with `isNamed`. */
  name: string;
  /** What follows the colon, folding included, without the last line end. A view of the block's octets. */
  value: Uint8Array;
  /** The value unfolded and trimmed, encoded-words not decoded. */
  text: string;
  /** Where the field starts in the block, and its octets with the last line end. */
  offset: number;
  sizeBytes: number;
}

/** Reads at most `maxFields` fields, up to the first empty line. */
export function parseHeaderBlock(octets: Uint8Array, maxFields = MAX_HEADER_FIELDS): HeaderField[] {
  const fields: HeaderField[] = [];
  const cursor = new LineCursor(octets);
  while (fields.length < maxFields && cursor.next() && !cursor.isLineEmpty) {
    const start = cursor.lineStart;
    const nameEnd = fieldNameEnd(octets, start, cursor.lineEnd);
    const valueEnd = readContinuation(cursor);
    if (nameEnd > start) fields.push(makeField(octets, start, nameEnd, valueEnd, cursor.position));
  }
  return fields;
}

/** Fields of this name, in order; names are compared without case (RFC 5322 §1.2.2). */
export function fieldsNamed(fields: readonly HeaderField[], name: string): HeaderField[] {
  return fields.filter((field) => isNamed(field, name));
}

/** The first field of this name: where RFC 5322 §3.6 allows one only, a second is not believed. */
export function findField(fields: readonly HeaderField[], name: string): HeaderField | null {
  return fields.find((field) => isNamed(field, name)) ?? null;
}

export function isNamed(field: HeaderField, name: string): boolean {
  return field.name.length === name.length && field.name.toLowerCase() === name.toLowerCase();
}

/** Octet after the field name when the line [start, end) begins a field, else -1. RFC 5322 §2.2; space before the colon is obsolete syntax (§4.5). */
export function fieldNameEnd(octets: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isNameOctet(octets[at] ?? 0)) at += 1;
  const nameEnd = at;
  while (at < end && isWhiteSpace(octets[at])) at += 1;
  return nameEnd > start && at < end && octets[at] === COLON ? nameEnd : -1;
}

export function isWhiteSpace(octet: number | undefined): boolean {
  return octet === SPACE || octet === TAB;
}

function isNameOctet(octet: number): boolean {
  return octet > 0x20 && octet < 0x7f && octet !== COLON;
}

/** Moves past the continuation lines of the field just begun; gives the end of its last line. */
export function readContinuation(cursor: LineCursor): number {
  let valueEnd = cursor.lineEnd;
  while (isWhiteSpace(cursor.octets[cursor.position]) && cursor.next()) valueEnd = cursor.lineEnd;
  return valueEnd;
}

function makeField(octets: Uint8Array, start: number, nameEnd: number, valueEnd: number, next: number): HeaderField {
  const value = octets.subarray(octets.indexOf(COLON, nameEnd) + 1, valueEnd);
  const name = decodeUnlabelled(octets.subarray(start, nameEnd));
  return { name, value, text: unfold(decodeUnlabelled(value)), offset: start, sizeBytes: next - start };
}

/** RFC 5322 §2.2.3: a line end before white space goes, the white space stays. NUL and stray CR are dropped. */
function unfold(text: string): string {
  return text.replace(/[\r\n\0]/g, '').trim();
}
