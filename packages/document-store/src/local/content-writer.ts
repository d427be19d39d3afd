// Deterministic CBOR (RFC 8949 §4.2.1) of what documents are mostly made of: maps, lists, ASCII texts, octets, whole numbers. Marking an
// email encodes its document, and cborg, which makes an object of each value first, took three times as long for it as this, a sixth of
// the whole change. What is rarer is cborg's: texts beyond ASCII, maps that have them for keys, fractions.

import { encode, type EncodeOptions } from 'cborg';

// cborg puts shorter keys first, which among texts is the order of RFC 8949 §4.2.1, and content has no other keys. `rfc8949EncodeOptions`
// gives the same octets in four times the time: it encodes each key to compare it.
const RARE_OPTIONS: EncodeOptions = { ignoreUndefinedProperties: true };

/** RFC 8949 §3.1, in the three high bits. */
const MAJOR = { number: 0x00, negative: 0x20, octets: 0x40, text: 0x60, list: 0x80, map: 0xa0 } as const;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;
/** More than an email has; from the pool of Node.js, which takes no time. */
const FIRST_CAPACITY_BYTES = 1024;
const MAX_HEAD_BYTES = 9;
const MAX_ASCII = 0x7f;

/** The octets are part of a larger buffer. */
export function deterministicCbor(value: unknown): Uint8Array {
  const writer = new ContentWriter();
  writer.write(value);
  return writer.octets;
}

class ContentWriter {
  #octets = Buffer.allocUnsafe(FIRST_CAPACITY_BYTES);
  #length = 0;

  get octets(): Uint8Array {
    return new Uint8Array(this.#octets.buffer, this.#octets.byteOffset, this.#length);
  }

  write(value: unknown): void {
    if (typeof value === 'string') this.#writeText(value);
    else if (typeof value === 'number') this.#writeNumber(value);
    else if (typeof value === 'boolean') this.#writeOctet(value ? TRUE : FALSE);
    else if (value === null) this.#writeOctet(NULL);
    else if (Array.isArray(value)) this.#writeList(value);
    else if (value instanceof Uint8Array) this.#writeOctets(value);
    else if (isPlain(value)) this.#writeMap(value);
    else this.#writeRare(value);
  }

  #writeNumber(value: number): void {
    if (!Number.isSafeInteger(value)) this.#writeRare(value);
    else if (value < 0) this.#writeHead(MAJOR.negative, -1 - value);
    else this.#writeHead(MAJOR.number, value);
  }

  #writeList(values: readonly unknown[]): void {
    this.#writeHead(MAJOR.list, values.length);
    for (const value of values) this.write(value);
  }

  #writeMap(map: Record<string, unknown>): void {
    const keys = definedKeys(map);
    if (!keys.every(isAscii)) return this.#writeRare(map);
    this.#writeHead(MAJOR.map, keys.length);
    for (const key of isInOrder(keys) ? keys : keys.sort(compareKeys)) {
      this.#writeText(key);
      this.write(map[key]);
    }
  }

  #writeText(text: string): void {
    const start = this.#length;
    this.#writeHead(MAJOR.text, text.length);
    this.#makeRoom(text.length);
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > MAX_ASCII) {
        this.#length = start;
        return this.#writeRare(text);
      }
      this.#octets[this.#length++] = unit;
    }
  }

  #writeOctets(octets: Uint8Array): void {
    this.#writeHead(MAJOR.octets, octets.length);
    this.#append(octets);
  }

  #writeRare(value: unknown): void {
    this.#append(encode(value, RARE_OPTIONS));
  }

  #append(octets: Uint8Array): void {
    this.#makeRoom(octets.length);
    this.#octets.set(octets, this.#length);
    this.#length += octets.length;
  }

  /** RFC 8949 §4.2.1: the argument as short as it can be. */
  #writeHead(major: number, argument: number): void {
    this.#makeRoom(MAX_HEAD_BYTES);
    if (argument < 24) this.#octets[this.#length++] = major | argument;
    else if (argument < 2 ** 8) this.#writeArgument(major | 24, argument, 1);
    else if (argument < 2 ** 16) this.#writeArgument(major | 25, argument, 2);
    else if (argument < 2 ** 32) this.#writeArgument(major | 26, argument, 4);
    else {
      this.#writeArgument(major | 27, Math.floor(argument / 2 ** 32), 4);
      this.#length = this.#octets.writeUInt32BE(argument % 2 ** 32, this.#length);
    }
  }

  #writeArgument(initial: number, argument: number, bytes: 1 | 2 | 4): void {
    this.#octets[this.#length++] = initial;
    this.#length = this.#octets.writeUIntBE(argument, this.#length, bytes);
  }

  #writeOctet(octet: number): void {
    this.#makeRoom(1);
    this.#octets[this.#length++] = octet;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#octets.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#octets.length));
    larger.set(this.#octets.subarray(0, this.#length));
    this.#octets = larger;
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function definedKeys(map: Record<string, unknown>): string[] {
  const keys = Object.keys(map);
  return keys.some((key) => map[key] === undefined) ? keys.filter((key) => map[key] !== undefined) : keys;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > MAX_ASCII) return false;
  return true;
}

/** What was decoded is. */
function isInOrder(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index += 1) if (compareKeys(keys[index - 1]!, keys[index]!) > 0) return false;
  return true;
}

function compareKeys(left: string, right: string): number {
  return left.length - right.length || (left < right ? -1 : 1);
}
