// Putting and getting blobs. A put is local at once; a get that finds nothing here asks the provider, opens what comes and
// keeps it. A blob that was asked for and is nowhere leaves no trace, so nothing is retried for ever.

import { MAX_BLOB_BYTES, parseBlobNamespace, type AccountId, type BlobId, type BlobNamespace } from '@paloma/shared-model';
import { openBlob, type StorageKeys } from '@paloma/crypto/secret';
import { StoreError } from '../store-error.js';
import { BlobFetcher, type BlobSource, type FetchedBlob } from './blob-fetcher.js';
import type { BlobKey, BlobTable } from './blob-table.js';

/** Sealing adds a salt and a tag for each 64 KiB, padding at most an eighth. */
const MAX_BLOB_PLAINTEXT_BYTES = Math.floor(MAX_BLOB_BYTES * 0.85);

export interface BlobStoreParts {
  readonly table: BlobTable;
  readonly keys: StorageKeys;
  readonly accountId: AccountId;
  /** Runs `work` in the transaction under way, or in one of its own. */
  inTransaction<R>(work: () => R): R;
}

export class BlobStore {
  readonly #fetcher = new BlobFetcher((blobs) => this.parts.inTransaction(() => blobs.map((blob) => this.#keep(blob))));

  constructor(private readonly parts: BlobStoreParts) {}

  useSource(source: BlobSource | null): void {
    this.#fetcher.useSource(source);
  }

  /** @throws {StoreError} "tooLarge" */
  put(namespace: BlobNamespace, octets: Uint8Array, isLocalOnly: boolean): BlobId {
    if (octets.length > MAX_BLOB_PLAINTEXT_BYTES) throw new StoreError('tooLarge', `blob of ${octets.length} octets over limit ${MAX_BLOB_PLAINTEXT_BYTES}`);
    const key = { namespace: parseBlobNamespace(namespace), blobId: this.parts.keys.contentBlobId(namespace, octets) };
    this.parts.inTransaction(() => this.#put(key, octets, isLocalOnly));
    return key.blobId;
  }

  /** @throws {StoreError} "blobUnavailable", "blobMissing", "openFailed" */
  async get(namespace: BlobNamespace, blobId: BlobId): Promise<Uint8Array> {
    return this.parts.table.load({ namespace, blobId }) ?? this.#fetcher.fetch({ namespace, blobId });
  }

  /** Gives up the local octets of a blob that the provider has; the next get fetches them again. */
  evict(key: BlobKey): void {
    this.parts.table.dropOctets(key);
  }

  /** Removes a blob here and, by the next sync, at the provider. For blobs that no document refers to any more. */
  delete(key: BlobKey): void {
    if (this.parts.table.stateOf(key) === 'localOnly') this.parts.table.forget(key, 'localOnly');
    else this.parts.table.markForRemoval(key);
  }

  /** What the provider had it may have removed since, for another device: it is offered again, and taken if it is not there. */
  #put(key: BlobKey, octets: Uint8Array, isLocalOnly: boolean): void {
    const { table } = this.parts;
    const state = table.stateOf(key);
    if (isLocalOnly) this.#putLocalOnly(key, state, octets);
    else if (state === 'localOnly' || state === 'synced') table.move(key, state, 'pendingUpload');
    else if (state !== 'pendingUpload') table.save(key, 'pendingUpload', octets);
  }

  #putLocalOnly(key: BlobKey, state: string | null, octets: Uint8Array): void {
    if (state === null) this.parts.table.save(key, 'localOnly', octets);
    else if (state === 'remoteOnly') this.parts.table.save(key, 'synced', octets);
  }

  /** The octets, stored; or why they are not to be had. */
  #keep({ namespace, blobId, sealed }: FetchedBlob): Uint8Array | StoreError {
    const { table, keys, accountId } = this.parts;
    if (sealed === null) return new StoreError('blobMissing', 'the provider does not have the blob');
    const opened = openBlob({ keys, accountId, namespace, blobId, sealed });
    if (!opened.ok) return new StoreError('openFailed', 'a blob of the provider does not open');
    if (table.stateOf({ namespace, blobId }) !== 'pendingDelete') table.save({ namespace, blobId }, 'synced', opened.octets);
    return opened.octets;
  }
}
