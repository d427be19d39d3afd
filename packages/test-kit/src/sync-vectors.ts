// The vectors of the sync protocol (packages/sync-protocol/vectors/README.md) for the tests of both ends.

import { readFileSync } from 'node:fs';

/** Octets of a vector: files below the directory of vectors, and runs of the same octets, one behind the other. */
export type VectorOctets = readonly (string | { readonly hex: string; readonly times: number })[];

const DIRECTORY = new URL('../../sync-protocol/vectors/', import.meta.url);

/** One table; what it writes as `{ "$hex": … }` is octets. The caller says what the table holds. */
export function readSyncVectors<Table>(name: 'messages' | 'provider' | 'client' | 'sealed'): Table {
  return JSON.parse(readFileSync(new URL(`${name}.json`, DIRECTORY), 'utf8'), (_key, value: unknown) => octetsInHex(value) ?? value) as Table;
}

export function readVectorOctets(parts: VectorOctets): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) =>
    (typeof part === 'string' ? readFileSync(new URL(part, DIRECTORY)) : Buffer.alloc((part.hex.length / 2) * part.times, part.hex, 'hex')))));
}

function octetsInHex(value: unknown): Uint8Array | null {
  if (typeof value !== 'object' || value === null || !('$hex' in value)) return null;
  return new Uint8Array(Buffer.from(String(value.$hex), 'hex'));
}
