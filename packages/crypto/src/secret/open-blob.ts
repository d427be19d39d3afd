// Opening blobs, whole or as a stream.

import { CryptoError } from '../public/crypto-error.js';
import { BLOB_HEADER_OCTETS, BLOB_LENGTH_OCTETS, readBlobFile, SEALED_CHUNK_OCTETS, type BlobBinding, type BlobChunks } from './blob-file.js';
import { OctetQueue } from './octet-queue.js';

/** Not ok for whatever reason; nothing of the content is given out then. */
export function openBlob(input: BlobBinding & { sealed: Uint8Array }): { ok: true; octets: Uint8Array } | { ok: false } {
  const chunks = readBlobFile(input, input.sealed);
  const plaintext = chunks && openChunks(chunks, input.sealed.subarray(BLOB_HEADER_OCTETS));
  const octets = plaintext && withoutFrame(plaintext);
  return octets ? { ok: true, octets } : { ok: false };
}

/**
 * Gives out content chunk by chunk, each after it was authenticated. What was given out is only a prefix until the end is
 * reached: a truncated blob is noticed at its end.
 * @throws {CryptoError} "malformed" from the iteration when the blob does not open
 */
export async function* openBlobStream(input: BlobBinding & { sealed: AsyncIterable<Uint8Array> }): AsyncIterable<Uint8Array> {
  let leftBytes: number | null = null;
  for await (const plaintext of openedChunks(input)) {
    const content: Uint8Array = leftBytes === null ? plaintext.subarray(BLOB_LENGTH_OCTETS) : plaintext;
    leftBytes ??= contentLength(plaintext);
    if (leftBytes > 0 && content.length > 0) yield content.subarray(0, leftBytes);
    leftBytes -= Math.min(leftBytes, content.length);
  }
  if (leftBytes !== 0) throw openFailed();
}

async function* openedChunks(input: BlobBinding & { sealed: AsyncIterable<Uint8Array> }): AsyncIterable<Uint8Array> {
  const queue = new OctetQueue();
  let chunks: BlobChunks | null = null;
  let index = 0;
  for await (const piece of input.sealed) {
    queue.push(piece);
    if (!chunks && queue.sizeBytes < BLOB_HEADER_OCTETS) continue;
    chunks ??= must(readBlobFile(input, queue.take(BLOB_HEADER_OCTETS)));
    while (queue.sizeBytes > SEALED_CHUNK_OCTETS) yield opened(chunks, index++, false, queue.take(SEALED_CHUNK_OCTETS));
  }
  yield opened(chunks, index, true, queue.take(SEALED_CHUNK_OCTETS));
}

function opened(chunks: BlobChunks | null, index: number, isFinal: boolean, sealed: Uint8Array): Uint8Array {
  return must(chunks?.open(index, isFinal, sealed));
}

function openChunks(chunks: BlobChunks, sealed: Uint8Array): Uint8Array | null {
  const opened: Uint8Array[] = [];
  for (let start = 0; start === 0 || start < sealed.length; start += SEALED_CHUNK_OCTETS) {
    const end = start + SEALED_CHUNK_OCTETS;
    const chunk = chunks.open(opened.length, end >= sealed.length, sealed.subarray(start, end));
    if (!chunk) return null;
    opened.push(chunk);
  }
  return Buffer.concat(opened);
}

function withoutFrame(plaintext: Uint8Array): Uint8Array | null {
  const length = contentLength(plaintext);
  const end = BLOB_LENGTH_OCTETS + length;
  return end <= plaintext.length ? new Uint8Array(plaintext.subarray(BLOB_LENGTH_OCTETS, end)) : null;
}

/** Infinity when there is no length, which fits nowhere. */
function contentLength(plaintext: Uint8Array): number {
  if (plaintext.length < BLOB_LENGTH_OCTETS) return Number.POSITIVE_INFINITY;
  return Number(Buffer.from(plaintext.buffer, plaintext.byteOffset).readBigUInt64BE());
}

function must<T>(opened: T | null | undefined): T {
  if (opened === null || opened === undefined) throw openFailed();
  return opened;
}

function openFailed(): CryptoError {
  return new CryptoError('malformed', 'blob does not open');
}
