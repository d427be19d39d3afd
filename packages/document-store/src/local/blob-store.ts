// Putting and getting blobs. A put is local at once; a get that finds nothing here asks the provider, opens what comes and
// keeps it. A blob that was asked for and is nowhere leaves no trace, so nothing is retried for ever.

import { MAX_BLOB_BYTES, parseBlobNamespace, type AccountId, type BlobId, type BlobNamespace } from '@paloma/shared-model';
import { openBlob, type StorageKeys } from '@paloma/crypto/secret';
import { StoreError } from '../store-error.js';
import type { BlobKey, BlobTable } from './blob-table.js';

/** Where sealed blobs come from that this device does not have. */
export interface BlobSource {
  /** Sealed octets; null when the provider says that it has no such blob. @throws {StoreError} */
  fetchBlob(namespace: BlobNamespace, blobId: BlobId): Promise<Uint8Array | null>;
}

/** Sealing adds a salt and a tag for each 64 KiB, padding at most an eighth. */
const MAX_BLOB_PLAINTEXT_BYTES = Math.floor(MAX_BLOB_BYTES * 0.85);

export class BlobStore {
  readonly #fetching = new Map<string, Promise<Uint8Array>>();
  #source: BlobSource | null = null;

  constructor(private readonly table: BlobTable, private readonly keys: StorageKeys, private readonly accountId: AccountId) {}

  useSource(source: BlobSource | null): void {
    this.#source = source;
  }

  /** @throws {StoreError} "tooLarge" */
  put(namespace: BlobNamespace, octets: Uint8Array, isLocalOnly: boolean): BlobId {
    if (octets.length > MAX_BLOB_PLAINTEXT_BYTES) throw new StoreError('tooLarge', `blob of ${octets.length} octets over limit ${MAX_BLOB_PLAINTEXT_BYTES}`);
    const key = { namespace: parseBlobNamespace(namespace), blobId: this.keys.contentBlobId(namespace, octets) };
    const state = this.table.stateOf(key);
    if (isLocalOnly) this.#putLocalOnly(key, state, octets);
    else if (state === 'remoteOnly') this.table.save(key, 'synced', octets);
    else if (state === 'localOnly') this.table.move(key, 'localOnly', 'pendingUpload');
    else if (state === null || state === 'pendingDelete') this.table.save(key, 'pendingUpload', octets);
    return key.blobId;
  }

  /** @throws {StoreError} "blobUnavailable", "blobMissing", "openFailed" */
  async get(namespace: BlobNamespace, blobId: BlobId): Promise<Uint8Array> {
    const local = this.table.load({ namespace, blobId });
    if (local) return local;
    const name = `${namespace}/${blobId}`;
    const fetching = this.#fetching.get(name) ?? this.#fetch({ namespace, blobId }).finally(() => this.#fetching.delete(name));
    this.#fetching.set(name, fetching);
    return fetching;
  }

  /** Gives up the local octets of a blob that the provider has; the next get fetches them again. */
  evict(key: BlobKey): void {
    this.table.dropOctets(key);
  }

  /** Removes a blob here and, by the next sync, at the provider. For blobs that no document refers to any more. */
  delete(key: BlobKey): void {
    if (this.table.stateOf(key) === 'localOnly') this.table.forget(key, 'localOnly');
    else this.table.markForRemoval(key);
  }

  #putLocalOnly(key: BlobKey, state: string | null, octets: Uint8Array): void {
    if (state === null) this.table.save(key, 'localOnly', octets);
    else if (state === 'remoteOnly') this.table.save(key, 'synced', octets);
  }

  async #fetch(key: BlobKey): Promise<Uint8Array> {
    const sealed = await this.#fetchSealed(key);
    const opened = openBlob({ keys: this.keys, accountId: this.accountId, ...key, sealed });
    if (!opened.ok) throw new StoreError('openFailed', 'a blob of the provider does not open');
    if (this.#source && this.table.stateOf(key) !== 'pendingDelete') this.table.save(key, 'synced', opened.octets);
    return opened.octets;
  }

  async #fetchSealed({ namespace, blobId }: BlobKey): Promise<Uint8Array> {
    if (!this.#source) throw new StoreError('blobUnavailable', 'no provider is connected');
    const sealed = await this.#source.fetchBlob(namespace, blobId).catch((cause: unknown) => {
      throw new StoreError('blobUnavailable', 'the blob could not be fetched now', { cause });
    });
    if (sealed === null) throw new StoreError('blobMissing', 'the provider does not have the blob');
    return sealed;
  }
}
