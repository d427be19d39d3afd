// Sealing blobs, whole or as a stream. A stream needs its size beforehand, since length and padding are authenticated.

import type { RandomSource } from '@paloma/shared-model';
import { CryptoError } from '../public/crypto-error.js';
import { BLOB_CHUNK_OCTETS, blobLengthPrefix, blobPaddingBytes, createBlobFile, type BlobBinding, type BlobChunks } from './blob-file.js';
import { OctetQueue } from './octet-queue.js';

/** @throws {CryptoError} "tooBig" over MAX_BLOB_BYTES */
export function sealBlob(input: BlobBinding & { octets: Uint8Array }, random: RandomSource): { epoch: number; sealed: Uint8Array } {
  const { octets } = input;
  const { epoch, header, chunks } = createBlobFile(input, random);
  const plaintext = Buffer.concat([blobLengthPrefix(octets.length), octets, Buffer.alloc(blobPaddingBytes(octets.length))]);
  const sealed: Uint8Array[] = [header];
  for (let start = 0, index = 0; start < plaintext.length; start += BLOB_CHUNK_OCTETS, index += 1) {
    const end = start + BLOB_CHUNK_OCTETS;
    sealed.push(chunks.seal(index, end >= plaintext.length, plaintext.subarray(start, end)));
  }
  return { epoch, sealed: new Uint8Array(Buffer.concat(sealed)) };
}

/**
 * Seals `sizeBytes` octets as they come, holding about one chunk. The octets given out are those of `sealBlob`.
 * @throws {CryptoError} "tooBig" over MAX_BLOB_BYTES; "malformed" when the source has another size than announced
 */
export function sealBlobStream(
  input: BlobBinding & { octets: AsyncIterable<Uint8Array>; sizeBytes: number }, random: RandomSource,
): { epoch: number; sealed: AsyncIterable<Uint8Array> } {
  const { epoch, header, chunks } = createBlobFile(input, random);
  const plaintext = paddedPlaintext(input.octets, input.sizeBytes, blobLengthPrefix(input.sizeBytes));
  return { epoch, sealed: sealChunks(header, chunks, plaintext) };
}

async function* paddedPlaintext(octets: AsyncIterable<Uint8Array>, sizeBytes: number, prefix: Uint8Array): AsyncIterable<Uint8Array> {
  yield prefix;
  let seenBytes = 0;
  for await (const piece of octets) {
    seenBytes += piece.length;
    if (seenBytes > sizeBytes) break;
    yield piece;
  }
  if (seenBytes !== sizeBytes) throw new CryptoError('malformed', 'blob source has another size than announced');
  for (let left = blobPaddingBytes(sizeBytes); left > 0; left -= BLOB_CHUNK_OCTETS) yield Buffer.alloc(Math.min(left, BLOB_CHUNK_OCTETS));
}

/** A chunk is sealed once an octet behind it is seen, because the last one carries the final flag. */
async function* sealChunks(header: Uint8Array, chunks: BlobChunks, plaintext: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield header;
  const queue = new OctetQueue();
  let index = 0;
  for await (const piece of plaintext) {
    queue.push(piece);
    while (queue.sizeBytes > BLOB_CHUNK_OCTETS) yield chunks.seal(index++, false, queue.take(BLOB_CHUNK_OCTETS));
  }
  yield chunks.seal(index, true, queue.take(BLOB_CHUNK_OCTETS));
}
