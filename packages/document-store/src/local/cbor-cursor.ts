// Walks over CBOR that is known to be sound: what stands in the table was read as a whole, and written anew, before it came there
// (document-content.ts). Deterministic (RFC 8949 §4.2): a map has text keys, every length is definite.

import type { KnownTexts } from './known-texts.js';

/** RFC 8949 §3.1. */
export const MAJOR = { number: 0, negative: 1, octets: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
/** Of the five low bits: the argument follows in 1, 2, 4 or 8 octets. */
const FIRST_LONG_ARGUMENT = 24;

export class CborCursor {
  position = 0;
  /** Of the head read last. An argument beyond 2^53 is not exact, and no length is so large. */
  major = 0;
  argument = 0;
  #buffer: Buffer | undefined;

  constructor(private readonly content: Uint8Array) {}

  readHead(): void {
    const initial = this.#next();
    const low = initial & 0x1f;
    this.major = initial >> 5;
    this.argument = low < FIRST_LONG_ARGUMENT ? low : this.#longArgument(1 << (low - FIRST_LONG_ARGUMENT));
  }

  /** What follows the head of a string of octets; a view. */
  octets(): Uint8Array {
    this.position += this.argument;
    return this.content.subarray(this.position - this.argument, this.position);
  }

  /** What follows the head of a text. */
  text(known: KnownTexts): string {
    const start = this.position;
    this.position += this.argument;
    return known.text(this.#bufferOfAll(), start, this.argument);
  }

  /** Passes a string by; the one of these that it is, if any. */
  passString<Candidate extends { octets: Uint8Array }>(candidates: readonly Candidate[]): Candidate | undefined {
    this.readHead();
    const start = this.position;
    this.position += this.argument;
    for (const candidate of candidates) if (candidate.octets.length === this.argument && this.#stands(candidate.octets, start)) return candidate;
    return undefined;
  }

  /** What was passed since this position; a view. */
  since(start: number): Uint8Array {
    return this.content.subarray(start, this.position);
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
    for (let at = 0; at < wanted.length; at += 1) if (wanted[at] !== this.content[start + at]) return false;
    return true;
  }

  #longArgument(bytes: number): number {
    let argument = 0;
    for (let left = bytes; left > 0; left -= 1) argument = argument * 256 + this.#next();
    return argument;
  }

  #next(): number {
    return this.content[this.position++]!;
  }

  /** A `Buffer` makes texts fastest. */
  #bufferOfAll(): Buffer {
    this.#buffer ??= Buffer.from(this.content.buffer, this.content.byteOffset, this.content.byteLength);
    return this.#buffer;
  }
}
