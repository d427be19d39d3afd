// Blobs on their way up: removals first, because they make room, then uploads, small ones many to a request. One blob that is
// refused keeps no other from going up; each that went up is remembered at once. Downloads happen on demand: local/blob-fetcher.ts.

import type { BlobNamespace, RandomSource } from '@paloma/shared-model';
import { sealBlob } from '@paloma/crypto/secret';
import type { BlobUpItem, ProviderLimits } from '@paloma/sync-protocol';
import type { BlobKey, PendingBlob } from '../local/blob-table.js';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import type { BlobOutcome, SyncTransport } from '../provider/sync-transport.js';
import { StoreError } from '../store-error.js';
import type { SyncReport } from './sync-report.js';

/** Blobs up to this size travel together. */
const BATCHED_BLOB_BYTES = 1024 * 1024;
/** One batch is sealed in one turn of the event loop; with the parallel ones, that much is held in memory. */
const UPLOAD_BATCH_BYTES = 4 * 1024 * 1024;
const UPLOAD_BATCH_RECORDS = 500;
const PARALLEL_TRANSFERS = 3;

export interface BlobTransferParts {
  readonly store: LocalDocumentStore;
  readonly transport: SyncTransport;
  readonly limits: ProviderLimits;
  readonly random: RandomSource;
  /** Ends the transfer between two requests, with its reason. */
  readonly signal: AbortSignal;
  onProgress(): void;
}

type Job = () => Promise<void>;

export class BlobTransfer {
  constructor(private readonly parts: BlobTransferParts, private readonly report: SyncReport) {}

  async run(): Promise<void> {
    await this.#runAll('pendingDelete', (blobs) => blobs.map((blob) => () => this.#remove(blob)), PARALLEL_TRANSFERS);
    await this.#runAll('pendingUpload', (blobs) => this.#batches(blobs.filter(isSmall)).map((batch) => () => this.#uploadBatch(batch)), PARALLEL_TRANSFERS);
    await this.#runAll('pendingUpload', (blobs) => blobs.filter((blob) => !isSmall(blob)).map((blob) => () => this.#uploadLarge(blob)), 1);
  }

  async #runAll(state: 'pendingUpload' | 'pendingDelete', jobsOf: (blobs: PendingBlob[]) => Job[], parallel: number): Promise<void> {
    for (let page = this.parts.store.blobs.pagePending(state); page.length > 0;) {
      await inParallel(jobsOf(page), parallel, this.parts.signal);
      this.parts.onProgress();
      page = this.parts.store.blobs.pagePending(state, page.at(-1)?.rowId);
    }
  }

  #batches(blobs: readonly PendingBlob[]): PendingBlob[][] {
    const batches: PendingBlob[][] = [];
    for (const [, inNamespace] of Map.groupBy(blobs, ({ namespace }) => namespace)) batches.push(...batchesOf(inNamespace, this.parts.limits));
    return batches;
  }

  async #uploadBatch(blobs: readonly PendingBlob[]): Promise<void> {
    const namespace = blobs[0]?.namespace as BlobNamespace;
    const items = blobs.map((blob) => this.#seal(blob)).filter((item) => item !== null);
    if (items.length === 0) return;
    const outcomes = await this.parts.transport.uploadBlobs(namespace, items);
    this.parts.store.commit(() => outcomes.forEach(({ id, outcome }) => this.#settle({ namespace, blobId: id }, outcome)));
  }

  async #uploadLarge(blob: PendingBlob): Promise<void> {
    const item = this.#seal(blob);
    if (item) this.#settle(blob, await this.#uploadOne(blob, item.sealed));
  }

  async #uploadOne({ namespace, blobId }: BlobKey, sealed: Uint8Array): Promise<BlobOutcome['outcome']> {
    try {
      if (await this.parts.transport.hasBlob(namespace, blobId)) return 'present';
      return await this.parts.transport.uploadBlob(namespace, blobId, sealed);
    } catch (error) {
      if (error instanceof StoreError && (error.code === 'tooLarge' || error.code === 'quotaExceeded')) return error.code;
      throw error;
    }
  }

  async #remove({ namespace, blobId }: BlobKey): Promise<void> {
    await this.parts.transport.deleteBlob(namespace, blobId);
    this.parts.store.blobs.forget({ namespace, blobId }, 'pendingDelete');
    this.report.blobsDeleted += 1;
  }

  /** Null when the blob was removed while others were on their way. */
  #seal({ namespace, blobId }: BlobKey): BlobUpItem | null {
    const { random, store } = this.parts;
    const blob = store.blobs.load({ namespace, blobId });
    if (!blob) return null;
    const { sealed } = sealBlob({ keys: store.keys, accountId: store.accountId, namespace, blobId, octets: blob.octets }, random);
    return { id: blobId, sealed: sealed as BlobUpItem['sealed'] };
  }

  #settle(key: BlobKey, outcome: BlobOutcome['outcome']): void {
    if (outcome === 'tooLarge' || outcome === 'quotaExceeded') {
      this.report.refused += 1;
      return;
    }
    this.parts.store.blobs.move(key, 'pendingUpload', 'synced');
    this.report.blobsUploaded += 1;
  }
}

function isSmall({ sizeBytes }: PendingBlob): boolean {
  return sizeBytes <= BATCHED_BLOB_BYTES;
}

function batchesOf(blobs: readonly PendingBlob[], limits: ProviderLimits): PendingBlob[][] {
  const maxBytes = Math.min(UPLOAD_BATCH_BYTES, limits.batchBytes / 2);
  const maxRecords = Math.min(UPLOAD_BATCH_RECORDS, limits.batchRecords);
  const batches: PendingBlob[][] = [];
  let batchBytes = 0;
  for (const blob of blobs) {
    const current = batches.at(-1);
    const fits = current !== undefined && batchBytes + blob.sizeBytes <= maxBytes && current.length < maxRecords;
    if (fits) current.push(blob);
    else batches.push([blob]);
    batchBytes = fits ? batchBytes + blob.sizeBytes : blob.sizeBytes;
  }
  return batches;
}

/** Runs jobs, a bounded number at a time. After a failure no new one begins; those under way end, then it is thrown. */
async function inParallel(jobs: readonly Job[], limit: number, signal: AbortSignal): Promise<void> {
  const waiting = [...jobs];
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job && !hasFailed; job = waiting.shift()) {
      signal.throwIfAborted();
      await job().catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: limit }, worker));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
