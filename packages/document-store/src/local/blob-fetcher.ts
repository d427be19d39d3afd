// Fetching blobs that this device does not have. Those asked for in the same moment travel together, because a request of its
// own costs a small blob more than its octets do. What goes wrong with one blob is told to those who wait for it.

import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import type { BlobDownItem } from '@paloma/sync-protocol';
import { StoreError } from '../store-error.js';
import type { BlobKey } from './blob-table.js';

/** Where sealed blobs come from that this device does not have. Every method: @throws {StoreError} */
export interface BlobSource {
  /** Sealed octets; null when the provider says that it has no such blob. */
  fetchBlob(namespace: BlobNamespace, blobId: BlobId): Promise<Uint8Array | null>;
  /** Answers for the first of the ids, as many as fit one batch, at least one; ask again for the rest. */
  downloadBlobs(namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<BlobDownItem[]>;
}

/** The provider serves three batches of an account at a time; each is at most 32 MiB, held in memory. */
const PARALLEL_BATCHES = 3;
/** Opened and stored in one turn of the event loop when they are small. */
const BATCH_BLOBS = 128;

export type FetchedBlob = BlobKey & { sealed: Uint8Array | null };

interface WaitingBlob extends BlobKey {
  settled: PromiseWithResolvers<Uint8Array>;
}

export class BlobFetcher {
  #source: BlobSource | null = null;
  /** By name: asked for and not answered. */
  readonly #wanted = new Map<string, WaitingBlob>();
  #waiting: WaitingBlob[] = [];
  #batches = 0;

  /** `keep` opens and stores what came, in the order given, and answers with the octets of each or with why there are none. */
  constructor(private readonly keep: (blobs: readonly FetchedBlob[]) => (Uint8Array | StoreError)[]) {}

  useSource(source: BlobSource | null): void {
    this.#source = source;
  }

  /** @throws {StoreError} "blobUnavailable" or what `keep` answers */
  fetch(key: BlobKey): Promise<Uint8Array> {
    const name = `${key.namespace}/${key.blobId}`;
    const wanted = this.#wanted.get(name);
    if (wanted) return wanted.settled.promise;
    const blob = { ...key, settled: Promise.withResolvers<Uint8Array>() };
    this.#wanted.set(name, blob);
    if (this.#waiting.push(blob) === 1) setImmediate(() => this.#startBatches());
    return blob.settled.promise.finally(() => this.#wanted.delete(name));
  }

  #startBatches(): void {
    while (this.#batches < PARALLEL_BATCHES && this.#waiting.length > 0) {
      const batch = this.#nextBatch(PARALLEL_BATCHES - this.#batches);
      this.#batches += 1;
      void this.#fetchBatch(batch).finally(() => {
        this.#batches -= 1;
        this.#startBatches();
      });
    }
  }

  /** An even share of what waits in the namespace whose turn it is. */
  #nextBatch(shares: number): WaitingBlob[] {
    const alike = this.#waiting.filter(({ namespace }) => namespace === this.#waiting[0]?.namespace);
    const batch = new Set(alike.slice(0, Math.min(BATCH_BLOBS, Math.ceil(alike.length / shares))));
    this.#waiting = this.#waiting.filter((blob) => !batch.has(blob));
    return [...batch];
  }

  async #fetchBatch(batch: readonly WaitingBlob[]): Promise<void> {
    for (let rest = batch; rest.length > 0;) {
      try {
        const outcomes = this.keep(await this.#ask(rest));
        outcomes.forEach((outcome, index) => settle(rest[index], outcome));
        rest = rest.slice(outcomes.length);
      } catch (error) {
        for (const { settled } of rest) settled.reject(error);
        return;
      }
    }
  }

  /** The first of the blobs, at least one. */
  async #ask(blobs: readonly WaitingBlob[]): Promise<FetchedBlob[]> {
    const source = this.#connected();
    const fetched = await fetchFrom(source, blobs).catch((cause: unknown) => {
      throw new StoreError('blobUnavailable', 'the blob could not be fetched now', { cause });
    });
    this.#connected();   // the store may have been closed meanwhile
    return fetched;
  }

  #connected(): BlobSource {
    if (!this.#source) throw new StoreError('blobUnavailable', 'no provider is connected');
    return this.#source;
  }
}

async function fetchFrom(source: BlobSource, blobs: readonly BlobKey[]): Promise<FetchedBlob[]> {
  return blobs.length === 1 ? Promise.all(blobs.map((blob) => fetchAlone(source, blob))) : fetchTogether(source, blobs);
}

async function fetchAlone(source: BlobSource, { namespace, blobId }: BlobKey): Promise<FetchedBlob> {
  return { namespace, blobId, sealed: await source.fetchBlob(namespace, blobId) };
}

async function fetchTogether(source: BlobSource, blobs: readonly BlobKey[]): Promise<FetchedBlob[]> {
  const { namespace } = blobs[0] as BlobKey;
  const items = await source.downloadBlobs(namespace, blobs.map(({ blobId }) => blobId));
  if (items.length === 0 || items.some(({ id }, index) => id !== blobs[index]?.blobId)) throw new StoreError('malformedAnswer', 'blobs were answered that were not asked for');
  return Promise.all(items.map(async (item) => {
    if ('tooLarge' in item) return fetchAlone(source, { namespace, blobId: item.id });
    return { namespace, blobId: item.id, sealed: 'sealed' in item ? item.sealed : null };
  }));
}

function settle(blob: WaitingBlob | undefined, outcome: Uint8Array | StoreError): void {
  if (outcome instanceof StoreError) blob?.settled.reject(outcome);
  else blob?.settled.resolve(outcome);
}
