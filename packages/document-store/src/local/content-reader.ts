// Content of documents that stands in the table, as values. To mark an email is to read its document first, and cborg, which makes an
// object of every token and puts short texts together a character at a time, took half as long again and left
// seven times the garbage. What comes from outside is cborg's (document-content.ts), and so is here what content rarely holds: fractions, large numbers.

import { decode } from 'cborg';
import { CborCursor, MAJOR } from './cbor-cursor.js';
import { KnownTexts } from './known-texts.js';

/** RFC 8949 §3.3, the value of the head. */
const SIMPLE: readonly unknown[] = Object.assign([], { 20: false, 21: true, 22: null });

/** Names of members, and replicas of marks. */
const knownTexts = new KnownTexts();

export function readContent(octets: Uint8Array): unknown {
  return readValue(new CborCursor(octets));
}

/** The value that the cursor stands before, which it passes. Octets are views of the content. */
export function readValue(cursor: CborCursor): unknown {
  const start = cursor.position;
  cursor.readHead();
  const { major, argument } = cursor;
  if (major === MAJOR.text) return cursor.text(knownTexts);
  if (major === MAJOR.map) return readMap(cursor, argument);
  if (major === MAJOR.number && Number.isSafeInteger(argument)) return argument;
  if (major === MAJOR.octets) return cursor.octets();
  if (major === MAJOR.array) return Array.from({ length: argument }, () => readValue(cursor));
  if (major === MAJOR.simple && cursor.position === start + 1) return SIMPLE[argument];
  return readRare(cursor, start);
}

function readMap(cursor: CborCursor, members: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (let left = members; left > 0; left -= 1) {
    cursor.readHead();
    const name = cursor.text(knownTexts);
    setMember(map, name, readValue(cursor));
  }
  return map;
}

/** A member may be named `__proto__`, and to assign that would set the prototype. */
export function setMember(map: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true });
  else map[name] = value;
}

function readRare(cursor: CborCursor, start: number): unknown {
  cursor.position = start;
  cursor.skip();
  return decode(cursor.since(start));
}
