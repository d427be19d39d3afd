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
    const count = cursor.head().argument;
    for (let index = 0; index < count; index += 1) {
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
  readonly #view: DataView;

  constructor(private readonly octets: Uint8Array) {
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  }

  head(): { major: number; argument: number } {
    const initial = this.#view.getUint8(this.position);
    this.position += 1;
    const low = initial & 0x1f;
    return { major: initial >> 5, argument: low < FIRST_LONG_ARGUMENT ? low : this.#longArgument(1 << (low - FIRST_LONG_ARGUMENT)) };
  }

  /** What a string of octets or text holds. */
  string(): Uint8Array {
    const length = this.head().argument;
    this.position += length;
    return this.octets.subarray(this.position - length, this.position);
  }

  /** Passes a string by; the one of these that it is, if any. */
  passString<Candidate extends { octets: Uint8Array }>(candidates: readonly Candidate[]): Candidate | undefined {
    const length = this.head().argument;
    const start = this.position;
    this.position += length;
    return candidates.find(({ octets }) => octets.length === length && octets.every((octet, at) => octet === this.octets[start + at]));
  }

  /** Passes a value by, whatever it is. */
  skip(): void {
    for (let left = 1; left > 0; left -= 1) {
      const { major, argument } = this.head();
      if (major === MAJOR.octets || major === MAJOR.text) this.position += argument;
      else if (major === MAJOR.array) left += argument;
      else if (major === MAJOR.map) left += 2 * argument;
      else if (major === MAJOR.tag) left += 1;
    }
  }

  #longArgument(bytes: number): number {
    const at = this.position;
    this.position += bytes;
    if (bytes === 1) return this.#view.getUint8(at);
    if (bytes === 2) return this.#view.getUint16(at);
    return bytes === 4 ? this.#view.getUint32(at) : Number(this.#view.getBigUint64(at));
  }
}
