// How vectors are written: JSON for what a person reads, a file for each string of octets. packages/sync-protocol/vectors/README.md
// describes the form to those who use them.

import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { encodeCbor } from '@paloma/sync-protocol';

/** The files of all vectors, by path below the directory of vectors. */
export class VectorFiles {
  #files = new Map();

  get paths() {
    return [...this.#files.keys()];
  }

  contentOf(path) {
    return this.#files.get(path);
  }

  /** A table of vectors. */
  addTable(path, table) {
    this.#files.set(path, Buffer.from(`${JSON.stringify(table, octetsAsHex, 2)}\n`));
  }

  /** Octets in a file of their own; the list of parts that names it. */
  addOctets(group, name, octets) {
    const path = `octets/${group}/${slugOf(name)}.bin`;
    if (this.#files.has(path)) throw new Error(`two vectors named ${path}`);
    this.#files.set(path, Buffer.from(octets));
    return [path];
  }
}

/** Octets stand in JSON as `{ "$hex": … }`. */
function octetsAsHex(key, value) {
  const held = this[key];
  return held instanceof Uint8Array ? { $hex: Buffer.from(held).toString('hex') } : value;
}

export const slugOf = (name) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');

/** Part of a body that is too large for a file: the same octets again and again. */
export const repeated = (hex, times) => ({ hex, times });

/** A stream record by record, with an end record that is right unless `end` says otherwise. */
export function streamOctets(header, items, end = {}) {
  const before = Buffer.concat([header, ...items].map((record) => (record instanceof Uint8Array ? record : encodeCbor(record))));
  const endRecord = { end: true, count: items.length, digest: sha256(before), ...end };
  return Buffer.concat([before, encodeCbor(endRecord)]);
}

export const sha256 = (octets) => createHash('sha256').update(octets).digest();
