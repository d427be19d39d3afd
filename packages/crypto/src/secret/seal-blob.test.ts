import { expect, test } from '@jest/globals';
import { MAX_BLOB_BYTES, type AccountId, type BlobId, type BlobNamespace } from '@paloma/shared-model';
import { fc, property, seededRandom } from '@paloma/test-kit';
import { BLOB_CHUNK_OCTETS, BLOB_HEADER_OCTETS, SEALED_CHUNK_OCTETS, type BlobBinding } from './blob-file.js';
import { openBlob, openBlobStream } from './open-blob.js';
import { sealBlob, sealBlobStream } from './seal-blob.js';
import { StorageKeys } from './storage-keys.js';

const random = seededRandom('seal-blob');
const binding: BlobBinding = {
  keys: new StorageKeys(new Map([[1, random.bytes(32)], [2, random.bytes(32)]])),
  accountId: 'A'.repeat(22) as AccountId, namespace: 'mail' as BlobNamespace, blobId: 'B'.repeat(43) as BlobId,
};
const sizes = fc.oneof(fc.nat(300), fc.constantFrom(65_527, 65_528, 65_529, 131_064, 131_065, 200_000));

async function* inPieces(octets: Uint8Array, pieceBytes: number): AsyncIterable<Uint8Array> {
  for (let start = 0; start < octets.length; start += pieceBytes) yield octets.subarray(start, start + pieceBytes);
}

async function joined(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/** Header and sealed chunks of a blob of four chunks. */
function fourChunks(): { header: Uint8Array; chunks: Uint8Array[] } {
  const { sealed } = sealBlob({ ...binding, octets: random.bytes(4 * BLOB_CHUNK_OCTETS - 8) }, random);
  const starts = [0, 1, 2, 3].map((index) => BLOB_HEADER_OCTETS + index * SEALED_CHUNK_OCTETS);
  return { header: sealed.subarray(0, BLOB_HEADER_OCTETS), chunks: starts.map((start) => sealed.subarray(start, start + SEALED_CHUNK_OCTETS)) };
}

property('a sealed blob opens to its octets, whole and as a stream', fc.tuple(sizes, fc.integer({ min: 1, max: 100_000 })), async ([sizeBytes, pieceBytes]) => {
  const octets = random.bytes(sizeBytes);
  const pieces = inPieces(octets, pieceBytes);
  const sealed = await joined(sealBlobStream({ ...binding, octets: pieces, sizeBytes }, seededRandom(sizeBytes)).sealed);
  expect(Buffer.compare(sealed, sealBlob({ ...binding, octets }, seededRandom(sizeBytes)).sealed)).toBe(0);
  const opened = openBlob({ ...binding, sealed });
  expect(opened.ok && Buffer.compare(opened.octets, octets)).toBe(0);
  expect(Buffer.compare(await joined(openBlobStream({ ...binding, sealed: inPieces(sealed, pieceBytes) })), octets)).toBe(0);
}, { numRuns: 25 });

property('a blob with any one bit flipped does not open', fc.tuple(fc.constantFrom(0, 40, 66_000), fc.nat()), async ([sizeBytes, position]) => {
  const { sealed } = sealBlob({ ...binding, octets: new Uint8Array(sizeBytes) }, random);
  const bit = position % (sealed.length * 8);
  sealed[bit >> 3]! ^= 1 << (bit & 7);
  expect(openBlob({ ...binding, sealed })).toEqual({ ok: false });
  await expect(joined(openBlobStream({ ...binding, sealed: inPieces(sealed, 10_000) }))).rejects.toMatchObject({ code: 'malformed' });
});

property('each bit of the header counts', fc.nat(BLOB_HEADER_OCTETS * 8 - 1), (bit) => {
  const { sealed } = sealBlob({ ...binding, octets: Buffer.from('x') }, random);
  sealed[bit >> 3]! ^= 1 << (bit & 7);
  expect(openBlob({ ...binding, sealed })).toEqual({ ok: false });
});

test.each<[string, (chunks: Uint8Array[]) => Uint8Array[]]>([
  ['without its last chunk', (chunks) => chunks.slice(0, 3)],
  ['without its first chunk', (chunks) => chunks.slice(1)],
  ['without all chunks', () => []],
  ['with two chunks swapped', ([a, b, c, d]) => [b!, a!, c!, d!]],
  ['with the last chunk moved', ([a, b, c, d]) => [a!, b!, d!, c!]],
  ['with a chunk doubled', ([a, b, c, d]) => [a!, b!, b!, c!, d!]],
  ['with a chunk of another sealing of the same blob', ([a, , c, d]) => [a!, fourChunks().chunks[1]!, c!, d!]],
  ['with octets behind its end', (chunks) => [...chunks, Uint8Array.of(0)]],
])('a blob %s does not open', async (_what, tamper) => {
  const { header, chunks } = fourChunks();
  const sealed = new Uint8Array(Buffer.concat([header, ...tamper(chunks)]));
  expect(openBlob({ ...binding, sealed })).toEqual({ ok: false });
  await expect(joined(openBlobStream({ ...binding, sealed: inPieces(sealed, 30_000) }))).rejects.toMatchObject({ code: 'malformed' });
});

test.each<[string, Partial<BlobBinding>]>([
  ['account', { accountId: 'C'.repeat(22) as AccountId }],
  ['namespace', { namespace: 'other' as BlobNamespace }],
  ['id', { blobId: 'C'.repeat(43) as BlobId }],
  ['root', { keys: new StorageKeys(new Map([[1, new Uint8Array(32)], [2, new Uint8Array(32)]])) }],
  ['set of roots', { keys: new StorageKeys(new Map([[1, new Uint8Array(32)]])) }],
])('a blob does not open under another %s', (_what, change) => {
  const { sealed } = sealBlob({ ...binding, octets: Buffer.from('content') }, random);
  expect(openBlob({ ...binding, sealed, ...change })).toEqual({ ok: false });
});

test('octets in front of a blob do not pass as a header', async () => {
  const { sealed } = sealBlob({ ...binding, octets: Buffer.from('content') }, random);
  const shifted = inPieces(new Uint8Array(Buffer.concat([new Uint8Array(BLOB_HEADER_OCTETS), sealed])), BLOB_HEADER_OCTETS);
  await expect(joined(openBlobStream({ ...binding, sealed: shifted }))).rejects.toMatchObject({ code: 'malformed' });
});

test.each([['fewer', 9], ['more', 11]])('a source with %s octets than announced is refused', async (_what, actualBytes) => {
  const { sealed } = sealBlobStream({ ...binding, octets: inPieces(new Uint8Array(actualBytes), 4), sizeBytes: 10 }, random);
  await expect(joined(sealed)).rejects.toMatchObject({ code: 'malformed' });
});

test('a blob over the limit is refused before it is read', () => {
  expect(() => sealBlobStream({ ...binding, octets: inPieces(new Uint8Array(1), 1), sizeBytes: MAX_BLOB_BYTES + 1 }, random))
    .toThrow(expect.objectContaining({ code: 'tooBig' }));
});
