import { Injectable } from '@nestjs/common';
import { MAX_BATCH_BYTES, MAX_BLOB_BYTES, type AccountId, type BlobId, type BlobNamespace } from '@paloma/shared-model';
import type { BlobDownItem, BlobsUpAnswer, BlobUpItem } from '@paloma/sync-protocol';
import { WireError } from '../wire-error.js';
import { BlobDirectory, type OctetRange } from './blob-directory.js';
import { BlobRepository, type BlobStored, type NewBlob } from './blob.repository.js';
import { discard, inFile, inRow, MAX_ROW_BYTES, octetsOf, takeIn, type OctetsAtRest } from './octets-at-rest.js';

/** Rows read at once while a batch goes down: at most 16 MiB. */
const ROWS_AT_ONCE = 64;

/** docs/protocol/sync.md §5: immutable sealed octets in namespaces. */
@Injectable()
export class BlobService {
  constructor(private readonly blobs: BlobRepository, private readonly directory: BlobDirectory) {}

  /** @throws {WireError} "tooLarge", "quotaExceeded" */
  async put(accountId: AccountId, namespace: BlobNamespace, blobId: BlobId, octets: AsyncIterable<Uint8Array>): Promise<'stored' | 'present'> {
    const [outcome] = await this.#add(accountId, namespace, [{ blobId, octets: await takeIn(this.directory, accountId, octets, MAX_BLOB_BYTES) }]);
    if (outcome === 'quotaExceeded' || outcome === undefined) throw new WireError('quotaExceeded', 'account is full');
    return outcome;
  }

  /** The same content sealed anew, in place of what is there. @throws {WireError} "preconditionFailed" when nothing is, "tooLarge", "quotaExceeded" */
  async replace(accountId: AccountId, namespace: BlobNamespace, blobId: BlobId, octets: AsyncIterable<Uint8Array>): Promise<void> {
    const placed = await takeIn(this.directory, accountId, octets, MAX_BLOB_BYTES);
    const replaced = await this.blobs.replace(accountId, namespace, { blobId, octets: placed });
    await discard(this.directory, accountId, replaced.outcome === 'replaced' ? replaced.before : placed);
    if (replaced.outcome === 'missing') throw new WireError('preconditionFailed', 'no such blob to replace');
    if (replaced.outcome === 'quotaExceeded') throw new WireError('quotaExceeded', 'account is full');
  }

  /** @throws {WireError} "notFound" */
  async find(accountId: AccountId, namespace: BlobNamespace, blobId: BlobId): Promise<OctetsAtRest> {
    const octets = await this.blobs.find(accountId, namespace, blobId);
    if (!octets) throw new WireError('notFound', 'no such blob');
    return octets;
  }

  read(accountId: AccountId, octets: OctetsAtRest, range?: OctetRange): AsyncIterable<Uint8Array> {
    return octetsOf(this.directory, accountId, octets, range);
  }

  async remove(accountId: AccountId, namespace: BlobNamespace, blobId: BlobId): Promise<void> {
    const removed = await this.blobs.remove(accountId, namespace, blobId);
    if (removed) await discard(this.directory, accountId, removed);
  }

  async putBatch(accountId: AccountId, namespace: BlobNamespace, items: readonly BlobUpItem[]): Promise<BlobsUpAnswer> {
    const blobs = await this.#placeAll(accountId, items);
    const outcomes = await this.#add(accountId, namespace, blobs);
    return { outcomes: outcomes.map((outcome, index) => ({ id: blobs[index]!.blobId, outcome })) };
  }

  /** How many of the ids, counted from the first, fit into one batch, and their items to be read one after another. */
  async getBatch(accountId: AccountId, namespace: BlobNamespace, ids: readonly BlobId[]): Promise<{ through: number; items: AsyncIterable<BlobDownItem> }> {
    const sizes = await this.blobs.sizes(accountId, namespace, ids);
    const through = countFitting(ids, sizes);
    return { through, items: this.#readBatch(accountId, namespace, ids.slice(0, through), sizes) };
  }

  async *#readBatch(accountId: AccountId, namespace: BlobNamespace, ids: readonly BlobId[], sizes: ReadonlyMap<BlobId, number>): AsyncGenerator<BlobDownItem> {
    for (let first = 0; first < ids.length; first += ROWS_AT_ONCE) {
      const part = ids.slice(first, first + ROWS_AT_ONCE);
      const found = await this.blobs.findAll(accountId, namespace, part);
      for (const id of part) yield isOverBatch(sizes.get(id)) ? { id, tooLarge: true } : await this.#item(accountId, id, found.get(id));
    }
  }

  async #item(accountId: AccountId, id: BlobId, octets: OctetsAtRest | undefined): Promise<BlobDownItem> {
    if (!octets) return { id, missing: true };
    try {
      return { id, sealed: octets.sealed ?? Buffer.concat(await Array.fromAsync(this.read(accountId, octets))) };
    } catch (error) {
      if (error instanceof WireError && error.code === 'notFound') return { id, missing: true };   // deleted a moment ago
      throw error;
    }
  }

  /** When one file cannot be written, none is kept. */
  async #placeAll(accountId: AccountId, items: readonly BlobUpItem[]): Promise<NewBlob[]> {
    const placed = await Promise.allSettled(items.map(({ sealed }) => this.#place(accountId, sealed)));
    const failure = placed.find((result) => result.status === 'rejected');
    if (!failure) return items.map(({ id }, index) => ({ blobId: id, octets: (placed[index] as PromiseFulfilledResult<OctetsAtRest>).value }));
    for (const result of placed) if (result.status === 'fulfilled') await discard(this.directory, accountId, result.value);
    throw failure.reason;
  }

  async #place(accountId: AccountId, sealed: Uint8Array): Promise<OctetsAtRest> {
    if (sealed.length <= MAX_ROW_BYTES) return inRow(sealed);
    return inFile(await this.directory.write(accountId, oneChunk(sealed), MAX_BLOB_BYTES));
  }

  /** Files are written before rows name them; those that no row came to name are discarded. After an error a row may name them: they stay. */
  async #add(accountId: AccountId, namespace: BlobNamespace, blobs: readonly NewBlob[]): Promise<BlobStored[]> {
    const outcomes = await this.blobs.add(accountId, namespace, blobs);
    for (const [index, { octets }] of blobs.entries()) if (outcomes[index] !== 'stored') await discard(this.directory, accountId, octets);
    return outcomes;
  }
}

function countFitting(ids: readonly BlobId[], sizes: ReadonlyMap<BlobId, number>): number {
  let totalBytes = 0;
  for (const [index, id] of ids.entries()) {
    const sizeBytes = sizes.get(id) ?? 0;
    if (!isOverBatch(sizeBytes)) totalBytes += sizeBytes;
    if (totalBytes > MAX_BATCH_BYTES) return index;
  }
  return ids.length;
}

function isOverBatch(sizeBytes = 0): boolean {
  return sizeBytes > MAX_BATCH_BYTES;
}

async function* oneChunk(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}
