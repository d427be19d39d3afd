// Members of a document's content, found without reading the rest: of a message that is sent on octet for octet, the part tree and the
// preview need not become objects. What stands in the table has been read as a whole before it came there (document-content.ts), so
// it is sound: deterministic CBOR (RFC 8949 §4.2), a map with text keys, every length definite.

import { decodeContent } from './document-content.js';

const TEXT = new TextEncoder();
/** RFC 8949 §3.1. */
const MAJOR = { octets: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
/** Of the five low bits: the argument follows in 1, 2, 4 or 8 octets. */
const FIRST_LONG_ARGUMENT = 24;

/**
 * Reads the members of these names out of contents; octets are views of the content. Those that are not there are left out. Names are
 * compared as octets: to make a text of each that nobody asked for took longer than all the rest.
 */
export function memberReader(names: readonly string[]): (content: Uint8Array) => Record<string, unknown> {
  const wanted = names.map((name) => ({ name, octets: TEXT.encode(name) }));
  return (content) => {
    const cursor = new CborCursor(content);
    const members: [name: string, value: unknown][] = [];
    cursor.readHead();
    for (let left = cursor.argument; left > 0; left -= 1) {
      const found = cursor.passString(wanted);
      const start = cursor.position;
      if (!found) cursor.skip();
      else if (content[start]! >> 5 === MAJOR.octets) members.push([found.name, cursor.string()]);
      else {
        cursor.skip();
        members.push([found.name, decodeContent(content.subarray(start, cursor.position))]);
      }
    }
    return Object.fromEntries(members);   // a member may be named `__proto__`
  };
}

class CborCursor {
  position = 0;
  /** Of the head read last. An argument beyond 2^53 is not exact, and no length is so large. */
  major = 0;
  argument = 0;

  constructor(private readonly octets: Uint8Array) {}

  readHead(): void {
    const initial = this.#next();
    const low = initial & 0x1f;
    this.major = initial >> 5;
    this.argument = low < FIRST_LONG_ARGUMENT ? low : this.#longArgument(1 << (low - FIRST_LONG_ARGUMENT));
  }

  /** What a string of octets or text holds. */
  string(): Uint8Array {
    this.readHead();
    this.position += this.argument;
    return this.octets.subarray(this.position - this.argument, this.position);
  }

  /** Passes a string by; the one of these that it is, if any. */
  passString<Candidate extends { octets: Uint8Array }>(candidates: readonly Candidate[]): Candidate | undefined {
    this.readHead();
    const start = this.position;
    this.position += this.argument;
    return candidates.find(({ octets }) => octets.length === this.argument && this.#stands(octets, start));
  }

  /** Passes a value by, whatever it is. */
  skip(): void {
    for (let left = 1; left > 0; left -= 1) {
      this.readHead();
      const { major, argument } = this;
      if (major === MAJOR.octets || major === MAJOR.text) this.position += argument;
      else if (major === MAJOR.array) left += argument;
      else if (major === MAJOR.map) left += 2 * argument;
      else if (major === MAJOR.tag) left += 1;
    }
  }

  #stands(wanted: Uint8Array, start: number): boolean {
    for (let at = 0; at < wanted.length; at += 1) if (wanted[at] !== this.octets[start + at]) return false;
    return true;
  }

  #longArgument(bytes: number): number {
    let argument = 0;
    for (let left = bytes; left > 0; left -= 1) argument = argument * 256 + this.#next();
    return argument;
  }

  #next(): number {
    return this.octets[this.position++]!;
  }
}
