// Putting and getting blobs. A put is local at once; a get that finds nothing here asks the provider, opens what comes and
// keeps it, as far as the budget goes. A blob that was asked for and is nowhere leaves no trace, so nothing is retried for ever.

import { MAX_BLOB_BYTES, parseBlobNamespace, type AccountId, type BlobId, type BlobNamespace } from '@paloma/shared-model';
import { openBlob, type StorageKeys } from '@paloma/crypto/secret';
import { ObservableState } from '../observable-state.js';
import { StoreError } from '../store-error.js';
import { BlobCache } from './blob-cache.js';
import { BLOB_PART_BYTES } from './blob-download.js';
import { BlobFetcher, type BlobSource, type FetchedBlob } from './blob-fetcher.js';
import { URGENCY } from './blob-queue.js';
import type { BlobStatus } from './blob-status.js';
import type { BlobKey, BlobTable } from './blob-table.js';
import type { UnfinishedDownloads } from './unfinished-downloads.js';

/** Sealing adds a salt and a tag for each 64 KiB, padding at most an eighth. */
const MAX_BLOB_PLAINTEXT_BYTES = Math.floor(MAX_BLOB_BYTES * 0.85);
/** Pinned blobs that are fetched after one sync; more wait for the next. */
const MAX_PINNED_AT_ONCE = 1000;

export interface BlobStoreParts {
  readonly table: BlobTable;
  readonly unfinished: UnfinishedDownloads;
  readonly keys: StorageKeys;
  readonly accountId: AccountId;
  /** Octets of blobs to keep here; null: all of them. */
  readonly budgetBytes: number | null;
  /** Runs `work` in the transaction under way, or in one of its own. */
  inTransaction<R>(work: () => R): R;
}

export class BlobStore {
  readonly #parts: BlobStoreParts;
  readonly #cache: BlobCache;
  readonly #fetcher: BlobFetcher;
  readonly #status: ObservableState<BlobStatus>;
  #evicted = 0;
  #isRefreshing = false;
  #isClosed = false;

  constructor(parts: BlobStoreParts) {
    this.#parts = parts;
    const { table, unfinished, budgetBytes, inTransaction } = parts;
    this.#cache = new BlobCache({ table, budgetBytes, inTransaction, onEvicted: (blobs) => this.#noteEvicted(blobs) });
    this.#fetcher = new BlobFetcher({
      unfinished, inTransaction,
      keep: (blobs) => this.#keepAll(blobs), sizeOf: (key) => table.sizeOf(key), hasRoom: () => this.#cache.hasRoom, onChange: () => this.#refreshSoon(),
    });
    this.#status = new ObservableState(this.#currentStatus());
    this.#cache.trim();
  }

  useSource(source: BlobSource | null): void {
    this.#fetcher.useSource(source);
  }

  status(): ObservableState<BlobStatus> {
    this.#refresh();
    return this.#status;
  }

  setBudget(budgetBytes: number | null): void {
    this.#cache.budgetBytes = budgetBytes;
    this.#refreshSoon();
  }

  /** @throws {StoreError} "tooLarge" */
  put(namespace: BlobNamespace, octets: Uint8Array, isLocalOnly: boolean): BlobId {
    if (octets.length > MAX_BLOB_PLAINTEXT_BYTES) throw new StoreError('tooLarge', `blob of ${octets.length} octets over limit ${MAX_BLOB_PLAINTEXT_BYTES}`);
    const key = { namespace: parseBlobNamespace(namespace), blobId: this.#parts.keys.contentBlobId(namespace, octets) };
    this.#parts.inTransaction(() => this.#put(key, octets, isLocalOnly));
    return key.blobId;
  }

  /** @throws {StoreError} "blobUnavailable", "blobMissing", "openFailed"; the reason of `signal` */
  async get(key: BlobKey, signal?: AbortSignal): Promise<Uint8Array> {
    return this.getLocal(key) ?? this.#fetcher.fetch(key, signal);
  }

  /** Null when the octets are not here. */
  getLocal(key: BlobKey): Uint8Array | null {
    const local = this.#parts.table.load(key);
    if (local) this.#cache.noteUse(local.rowId);
    return local?.octets ?? null;
  }

  /** Fetches what is not here while there is room and nobody waits for anything; the highest `newness` first. */
  fetchAhead(key: BlobKey, newness: number): void {
    if (!this.#parts.table.isHere(key)) this.#fetcher.fetchAhead(key, URGENCY.ahead, newness);
  }

  /** Is fetched, if need be by a later sync, and stays here until it is unpinned or deleted. */
  pin(key: BlobKey): void {
    this.#parts.inTransaction(() => this.#parts.table.pin(key));
    if (!this.#parts.table.isHere(key)) this.#fetcher.fetchAhead(key, URGENCY.pin);
  }

  unpin(key: BlobKey): void {
    this.#parts.inTransaction(() => this.#parts.table.unpin(key, this.#cache.nextUse()));
    this.#cache.trim();
  }

  /** After a sync: the provider can be reached, and has more than before. */
  settle(): void {
    for (const key of this.#parts.table.listPinnedAway(MAX_PINNED_AT_ONCE)) this.#fetcher.fetchAhead(key, URGENCY.pin);
    this.#cache.trim();
    this.#refreshSoon();
  }

  /** Gives up the local octets of a blob that the provider has, unless it is pinned; the next get fetches them again. */
  evict(key: BlobKey): void {
    this.#parts.table.dropOctets(key);
  }

  /** Removes a blob here and, by the next sync, at the provider. For blobs that no document refers to any more. */
  delete(key: BlobKey): void {
    if (this.#parts.table.stateOf(key) === 'localOnly') this.#parts.table.forget(key, 'localOnly');
    else this.#parts.table.markForRemoval(key);
  }

  close(): void {
    this.useSource(null);
    this.#cache.close();
    this.#isClosed = true;
  }

  /** What the provider had it may have removed since, for another device: it is offered again, and taken if it is not there. */
  #put(key: BlobKey, octets: Uint8Array, isLocalOnly: boolean): void {
    const { table } = this.#parts;
    const state = table.stateOf(key);
    if (isLocalOnly) this.#putLocalOnly(key, state, octets);
    else if (state === 'localOnly' || state === 'synced') table.move(key, state, 'pendingUpload');
    else if (state !== 'pendingUpload') table.save(key, 'pendingUpload', octets, this.#cache.nextUse());
  }

  #putLocalOnly(key: BlobKey, state: string | null, octets: Uint8Array): void {
    if (state === null) this.#parts.table.save(key, 'localOnly', octets, this.#cache.nextUse());
    else if (state === 'remoteOnly') this.#parts.table.save(key, 'synced', octets, this.#cache.nextUse());
  }

  #keepAll(blobs: readonly FetchedBlob[]): (Uint8Array | StoreError)[] {
    const outcomes = this.#parts.inTransaction(() => blobs.map((blob) => this.#keep(blob)));
    this.#cache.trim();
    return outcomes;
  }

  /** The octets, stored; or why they are not to be had. */
  #keep({ sealed, ...key }: FetchedBlob): Uint8Array | StoreError {
    const { table, unfinished, keys, accountId } = this.#parts;
    if (sealed === null || sealed.length > BLOB_PART_BYTES) unfinished.forget(key);
    if (sealed === null) return new StoreError('blobMissing', 'the provider does not have the blob');
    const opened = openBlob({ keys, accountId, ...key, sealed });
    if (!opened.ok) return new StoreError('openFailed', 'a blob of the provider does not open');
    if (table.canKeepFetched(key)) table.save(key, 'synced', opened.octets, this.#cache.nextUse());
    return opened.octets;
  }

  #noteEvicted(blobs: number): void {
    this.#evicted += blobs;
    this.#refreshSoon();
  }

  #refreshSoon(): void {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    setImmediate(() => {
      this.#isRefreshing = false;
      this.#refresh();
    });
  }

  #refresh(): void {
    if (!this.#isClosed) this.#status.update(this.#currentStatus());
  }

  #currentStatus(): BlobStatus {
    return { ...this.#fetcher.progress(), localBytes: this.#parts.table.localBytes(), budgetBytes: this.#cache.budgetBytes, evicted: this.#evicted };
  }
}
