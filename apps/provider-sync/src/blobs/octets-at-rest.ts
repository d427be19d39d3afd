// Octets are kept in a row of the database while they are few, so that a thousand small blobs are one transaction, and in a
// file when they are many, so that they can stream.

import type { AccountId } from '@paloma/shared-model';
import { BlobDirectory, type OctetRange, type StoredFile } from './blob-directory.js';

/** Up to here a row, above a file. */
export const MAX_ROW_BYTES = 256 * 1024;

export interface OctetsAtRest {
  sizeBytes: number;
  sealed: Uint8Array | null;
  fileId: string | null;
}

/** Takes octets in as they arrive; a file is durable already, a row becomes so with its transaction. */
export async function takeIn(directory: BlobDirectory, accountId: AccountId, octets: AsyncIterable<Uint8Array>, maxBytes: number): Promise<OctetsAtRest> {
  const iterator = octets[Symbol.asyncIterator]();
  const { buffered, isEnd } = await readAhead(iterator);
  if (isEnd) return inRow(Buffer.concat(buffered));
  return inFile(await directory.write(accountId, continued(buffered, iterator), maxBytes));
}

export function inRow(sealed: Uint8Array): OctetsAtRest {
  return { sizeBytes: sealed.length, sealed, fileId: null };
}

export function inFile({ fileId, sizeBytes }: StoredFile): OctetsAtRest {
  return { sizeBytes, sealed: null, fileId };
}

/** The octets again, of a row that names exactly one of the two places. */
export async function* octetsOf(directory: BlobDirectory, accountId: AccountId, { sealed, fileId }: OctetsAtRest, range?: OctetRange): AsyncGenerator<Uint8Array, void, undefined> {
  if (fileId !== null) yield* directory.read(accountId, fileId, range);
  else if (sealed !== null) yield range ? sealed.subarray(range.from, range.to + 1) : sealed;
}

/** Removes the file of a row that is gone or never came to be. */
export async function discard(directory: BlobDirectory, accountId: AccountId, { fileId }: Pick<OctetsAtRest, 'fileId'>): Promise<void> {
  if (fileId !== null) await directory.remove(accountId, fileId);
}

async function readAhead(iterator: AsyncIterator<Uint8Array>): Promise<{ buffered: Uint8Array[]; isEnd: boolean }> {
  const buffered: Uint8Array[] = [];
  let bufferedBytes = 0;
  while (bufferedBytes <= MAX_ROW_BYTES) {
    const next = await iterator.next();
    if (next.done) return { buffered, isEnd: true };
    buffered.push(next.value);
    bufferedBytes += next.value.length;
  }
  return { buffered, isEnd: false };
}

async function* continued(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();   // whoever gives up lets the source go
  }
}
