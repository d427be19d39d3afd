// Fetching blobs that this device does not have. Those asked for in the same moment travel together, because a request of its
// own costs a small blob more than its octets do; a large one travels alone, part by part. What goes wrong with one blob is told
// to those who wait for it.

import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import type { BlobDownItem } from '@paloma/sync-protocol';
import { StoreError } from '../store-error.js';
import { BLOB_PART_BYTES, downloadBlob, type BlobPartSource } from './blob-download.js';
import { BlobQueue, URGENCY, WantedBlob, type Urgency } from './blob-queue.js';
import type { BlobKey } from './blob-table.js';
import type { UnfinishedDownloads } from './unfinished-downloads.js';

/** Where sealed blobs come from that this device does not have. Every method: @throws {StoreError} */
export interface BlobSource extends BlobPartSource {
  /** Answers for the first of the ids, as many as fit one batch, at least one; ask again for the rest. */
  downloadBlobs(namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<BlobDownItem[]>;
}

/** The provider serves three batches of an account at a time; each is at most 32 MiB, held in memory. */
const PARALLEL_BATCHES = 3;
/** One is left to readers: they need not wait for what nobody waits for. */
const PARALLEL_AHEAD = PARALLEL_BATCHES - 1;
/** Opened and stored in one turn of the event loop when they are small. */
const BATCH_BLOBS = 128;

export type FetchedBlob = BlobKey & { sealed: Uint8Array | null };
type Outcome = Uint8Array | StoreError;

export interface BlobFetcherParts {
  readonly unfinished: UnfinishedDownloads;
  inTransaction<R>(work: () => R): R;
  /** Opens and stores what came, in the order given; answers with the octets of each or with why there are none. */
  keep(blobs: readonly FetchedBlob[]): Outcome[];
  /** As far as this device knows; null when it does not. */
  sizeOf(key: BlobKey): number | null;
  /** Whether there is room for blobs that nobody waits for. */
  hasRoom(): boolean;
  /** The queue or its progress changed. */
  onChange(): void;
}

/** Since nothing was wanted last; octets are sealed ones, expected as far as is known. */
export interface FetchProgress {
  queued: number;
  underWay: number;
  receivedBytes: number;
  expectedBytes: number;
}

export class BlobFetcher {
  #source: BlobSource | null = null;
  readonly #queue = new BlobQueue();
  #batches = 0;
  #isStarting = false;
  /** Of what was wanted and was settled, since the queue was empty last. */
  #settledBytes = 0;

  constructor(private readonly parts: BlobFetcherParts) {}

  useSource(source: BlobSource | null): void {
    this.#source = source;
  }

  progress(): FetchProgress {
    const underWay = this.#queue.countUnderWay();
    const { receivedBytes, expectedBytes } = this.#queue.octets();
    return { queued: this.#queue.size - underWay, underWay, receivedBytes: this.#settledBytes + receivedBytes, expectedBytes: this.#settledBytes + expectedBytes };
  }

  /** @throws {StoreError} "blobUnavailable" or what `keep` answers; the reason of `signal` */
  async fetch(key: BlobKey, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const blob = this.#find(key);
    blob.readers += 1;
    this.#want(blob);
    try {
      return await untilAborted(blob.settled.promise, signal);
    } finally {
      blob.readers -= 1;
      this.#giveUpUnread(blob);
    }
  }

  /** For later: nobody waits, nobody is told. `newness`: the higher, the sooner. */
  fetchAhead(key: BlobKey, urgency: Exclude<Urgency, typeof URGENCY.read>, newness = 0): void {
    if (!this.#source) return;
    const blob = this.#find(key);
    Object.assign(blob, { ahead: Math.min(urgency, blob.ahead ?? urgency), newness: Math.max(newness, blob.newness) });
    this.#want(blob);
  }

  #find(key: BlobKey): WantedBlob {
    return this.#queue.find(key) ?? new WantedBlob(key, this.parts.sizeOf(key) ?? 0);
  }

  #want(blob: WantedBlob): void {
    if (this.#queue.size === 0) this.#settledBytes = 0;
    if (blob.readers <= 1) this.#queue.add(blob);
    this.#startSoon();
  }

  /** What only its readers wanted, and the last of them left. A batch on its way is kept: it is for others too. */
  #giveUpUnread(blob: WantedBlob): void {
    if (blob.readers > 0 || blob.ahead !== null || (blob.isUnderWay && !blob.isAlone)) return;
    this.#queue.remove(blob);
    blob.givenUp.abort(new StoreError('blobUnavailable', 'nobody waits for the blob any more'));
    this.parts.onChange();
  }

  /** At the end of this turn: what is asked for in the same moment travels together. */
  #startSoon(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    setImmediate(() => {
      this.#isStarting = false;
      this.#startBatches();
    });
  }

  #startBatches(): void {
    for (let batch = this.#nextBatch(); batch.length > 0; batch = this.#nextBatch()) {
      this.#batches += 1;
      void this.#fetchBatch(batch).finally(() => {
        this.#batches -= 1;
        this.#startBatches();
      });
    }
    this.parts.onChange();
  }

  #nextBatch(): WantedBlob[] {
    if (this.#batches >= PARALLEL_BATCHES) return [];
    const isForAll = this.#batches < PARALLEL_AHEAD;
    if (isForAll && this.#source && !this.parts.hasRoom()) this.#queue.forgetAhead();
    return this.#queue.take({ shares: PARALLEL_BATCHES - this.#batches, blobs: BATCH_BLOBS, blobBytes: BLOB_PART_BYTES, urgency: isForAll ? URGENCY.ahead : URGENCY.read });
  }

  async #fetchBatch(batch: readonly WantedBlob[]): Promise<void> {
    const [first] = batch;
    try {
      this.#connected();
      if (first && batch.length === 1) this.#settle(first, await this.#fetchAlone(first));
      else await this.#fetchTogether(batch);
    } catch (error) {
      for (const blob of batch) this.#settle(blob, error as StoreError);
    }
  }

  /** Asks until every blob of the batch is answered for: what did not fit, or did not come, is asked for again. */
  async #fetchTogether(batch: readonly WantedBlob[]): Promise<void> {
    for (let rest = batch; rest.length > 0;) {
      const items = await this.#ask((source) => askTogether(source, rest));
      const here = rest.slice(0, items.length);
      rest = rest.slice(items.length);
      this.#keepAll(here, items);
      for (const [index, blob] of here.entries()) if ('tooLarge' in items[index]!) this.#settle(blob, await this.#fetchAlone(blob).catch((error: StoreError) => error));
    }
  }

  #keepAll(blobs: readonly WantedBlob[], items: readonly BlobDownItem[]): void {
    const answered = blobs.flatMap((blob, index) => {
      const item = items[index]!;
      return 'tooLarge' in item ? [] : [{ blob, sealed: 'sealed' in item ? item.sealed : null }];
    });
    const outcomes = this.parts.keep(answered.map(({ blob, sealed }) => ({ ...blob.key, sealed })));
    answered.forEach(({ blob, sealed }, index) => {
      blob.receivedBytes = sealed?.length ?? 0;
      this.#settle(blob, outcomes[index]!);
    });
  }

  /** A beginning of another sealing does not open with the rest: then, once, everything is fetched. */
  async #fetchAlone(blob: WantedBlob): Promise<Outcome> {
    blob.isAlone = true;
    const wasBegun = this.parts.unfinished.extentOf(blob.key) !== null;
    const outcome = await this.#downloadAndKeep(blob);
    return wasBegun && outcome instanceof StoreError && outcome.code === 'openFailed' ? this.#downloadAndKeep(blob) : outcome;
  }

  async #downloadAndKeep(blob: WantedBlob): Promise<Outcome> {
    const { unfinished, inTransaction, keep, onChange } = this.parts;
    const whileOpen = <R>(work: () => R): R => {
      this.#connected();
      return inTransaction(work);
    };
    const sealed = await this.#ask((source) => downloadBlob(blob, { source, unfinished, inTransaction: whileOpen, onProgress: onChange }));
    const [outcome] = keep([{ ...blob.key, sealed }]);
    return outcome!;
  }

  /** @throws {StoreError} "blobUnavailable" for whatever went wrong on the way */
  async #ask<Answer>(ask: (source: BlobSource) => Promise<Answer>): Promise<Answer> {
    const answer = await ask(this.#connected()).catch((cause: unknown) => {
      throw new StoreError('blobUnavailable', 'the blob could not be fetched now', { cause });
    });
    this.#connected();   // the store may have been closed meanwhile
    return answer;
  }

  #connected(): BlobSource {
    if (!this.#source) throw new StoreError('blobUnavailable', 'no provider is connected');
    return this.#source;
  }

  /** Once for each blob; what comes after that is not heard. */
  #settle(blob: WantedBlob, outcome: Outcome): void {
    if (this.#queue.find(blob.key) !== blob) return;
    this.#queue.remove(blob);
    this.#settledBytes += blob.receivedBytes;
    if (outcome instanceof Uint8Array) blob.settled.resolve(outcome);
    else blob.settled.reject(outcome);
    this.parts.onChange();
  }
}

async function askTogether(source: BlobSource, blobs: readonly WantedBlob[]): Promise<BlobDownItem[]> {
  const namespace = blobs[0]!.key.namespace;
  const items = await source.downloadBlobs(namespace, blobs.map(({ key }) => key.blobId));
  if (items.length === 0 || items.some(({ id }, index) => id !== blobs[index]?.key.blobId)) throw new StoreError('malformedAnswer', 'blobs were answered that were not asked for');
  return items;
}

/** @throws the reason of `signal` as soon as it is aborted */
async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
