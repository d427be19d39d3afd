// Pushing: dirty documents in the order in which they were written, sealed and sent in bounded batches. Sending the same
// batch twice is harmless, so a lost reply costs a repetition and nothing else. Beside each batch, in the same transaction of the
// provider, goes what this replica states about the log (docs/protocol/sync.md §8).

import { type OpaqueDocumentId, type RandomSource, isDocumentType } from '@paloma/shared-model';
import type { ProviderLimits, PushAnswer, PushItem, PushOutcome } from '@paloma/sync-protocol';
import { referencedBlobs } from '../local/document-traits.js';
import type { DocumentRow, KnownRow } from '../local/document-table.js';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import { understoodContent } from '../local/projection-set.js';
import type { SyncTransport } from '../provider/sync-transport.js';
import { StoreError } from '../store-error.js';
import type { OwnHead } from './own-head.js';
import type { ProviderLog } from './provider-log.js';
import { sealItem } from './sealed-item.js';
import type { SyncReport } from './sync-report.js';

/** One batch is sealed in one turn of the event loop and held in memory. */
const PUSH_BATCH_BYTES = 8 * 1024 * 1024;
const PUSH_BATCH_RECORDS = 500;
/** The statement beside a batch names each document with its revision, and must fit into one document itself. */
const NAMED_BYTES = 256 * 1024;

export interface PushParts {
  readonly store: LocalDocumentStore;
  readonly transport: SyncTransport;
  readonly log: ProviderLog;
  readonly head: OwnHead;
  readonly limits: ProviderLimits;
  readonly random: RandomSource;
  /** Ends the push between two batches, with its reason. */
  readonly signal: AbortSignal;
  onProgress(): void;
  /** The provider has a statement of ours that we did not make, or says so. */
  onDoubt(): void;
}

interface Batch {
  rows: Map<OpaqueDocumentId, KnownRow>;
  items: PushItem[];
  /** Sequence of the last document looked at. */
  through: number;
}

export class Push {
  #isInDoubt = false;

  constructor(private readonly parts: PushParts, private readonly report: SyncReport) {}

  /** Number of documents that the provider has a newer or a conflicting state of: the next pull brings it. */
  async run(): Promise<number> {
    const { documents } = this.parts.store;
    const end = documents.lastSequence;
    let behind = 0;
    let refusal: StoreError | null = null;
    for (let after = 0; after < end && !this.#isInDoubt;) {
      this.parts.signal.throwIfAborted();
      const batch = this.#collect(after, end);
      try {
        if (batch.items.length > 0) behind += await this.#send(batch, (rows) => this.parts.head.next(rows));
      } catch (error) {
        refusal = await this.#sendDeletions(batch, error);
      }
      after = batch.through;
    }
    if (refusal) throw refusal;
    return behind;
  }

  /** What an account that is full still takes, because it makes room. @returns what to tell of the rest, @throws anything but "quotaExceeded" */
  async #sendDeletions({ items, rows, through }: Batch, refusal: unknown): Promise<StoreError> {
    if (!(refusal instanceof StoreError) || refusal.code !== 'quotaExceeded') throw refusal;
    const deletions = items.filter(({ tombstone }) => tombstone);
    this.report.refused += items.length - deletions.length;
    const batch = { items: deletions, rows: new Map(deletions.map(({ id }) => [id, rows.get(id) as KnownRow])), through };
    if (deletions.length > 0) await this.#send(batch, () => this.parts.head.nextSilent());
    return refusal;
  }

  #collect(after: number, end: number): Batch {
    const { limits, random, store } = this.parts;
    const batch: Batch = { rows: new Map(), items: [], through: after };
    const bounds = { bytes: Math.min(PUSH_BATCH_BYTES, limits.batchBytes), records: Math.min(PUSH_BATCH_RECORDS, limits.batchRecords - 1) };
    const mayHoldBack = store.blobs.countPending() > 0;
    let batchBytes = 0;
    let namedBytes = 0;
    for (const row of store.documents.dirtyAfter(after, end)) {
      if (!(mayHoldBack && this.#waitsForBlob(row))) {
        const item = sealItem(row, store, random);
        batchBytes += item.sealed.length;
        namedBytes += row.documentId.length + row.revision.length;
        const isFull = batchBytes > bounds.bytes || namedBytes > NAMED_BYTES || batch.items.length >= bounds.records;
        if (batch.items.length > 0 && isFull) return batch;
        this.#add(item, row, batch);
      }
      batch.through = row.dirtySequence ?? end;
    }
    return { ...batch, through: end };
  }

  #add(item: PushItem, row: KnownRow, batch: Batch): void {
    if (item.sealed.length > this.parts.limits.sealedDocumentBytes) {
      this.report.refused += 1;
      return;
    }
    batch.items.push(item);
    batch.rows.set(item.id, row);
  }

  async #send({ items, rows }: Batch, newHead: (rows: readonly KnownRow[]) => DocumentRow): Promise<number> {
    const { onProgress, random, store, transport } = this.parts;
    const { head, newlySent } = this.#prepare([...rows.values()], newHead);
    const answer = await transport.push(store.replicaUid, [...items, sealItem(head, store, random)]).catch((error: unknown) => {
      if (error instanceof StoreError && error.code === 'quotaExceeded') store.commit(() => store.documents.unmarkSent(newlySent));
      throw error;
    });
    const behind = store.commit(() => this.#settleAll(answer, rows, head));
    onProgress();
    return behind;
  }

  /**
   * What is sent must outlive a power cut: a replica that forgot an edit would make its revision a second time, and one that
   * forgot a statement its number.
   */
  #prepare(rows: readonly KnownRow[], newHead: (rows: readonly KnownRow[]) => DocumentRow): { head: DocumentRow; newlySent: KnownRow[] } {
    const { documents } = this.parts.store;
    return this.parts.store.commit((commit) => {
      const head = newHead(rows);
      commit.receive(head);
      return { head, newlySent: documents.markSent(rows) };
    }, { durable: true });
  }

  /** Each statement is sent once under its number, so a provider that has one already took it from another state of this store. */
  #settleAll(answer: PushAnswer, rows: Batch['rows'], head: DocumentRow): number {
    const { log, onDoubt } = this.parts;
    log.observeHead(answer);
    const stored = answer.outcomes.at(-1);
    if (stored?.outcome !== 'inserted') {
      this.#isInDoubt = true;
      onDoubt();
      return rows.size;
    }
    this.parts.head.acknowledge(head, stored.generation);
    log.passOwn(answer, answer.outcomes.filter(({ outcome }) => outcome === 'inserted').length);
    return answer.outcomes.slice(0, -1).filter((outcome) => !this.#settle(outcome, rows)).length;
  }

  /** Whether the provider has the document as it was sent. */
  #settle({ id, outcome }: PushOutcome, rows: Batch['rows']): boolean {
    const row = rows.get(id);
    const isStored = outcome === 'inserted' || outcome === 'converged';
    if (row && isStored) this.parts.store.documents.acknowledge(row.documentId, row.revision);
    if (outcome === 'inserted') this.report.pushed += 1;
    return isStored;
  }

  #waitsForBlob(row: DocumentRow): boolean {
    if (!isDocumentType(row.type)) return false;
    const content = understoodContent(row);
    const waits = content !== null && referencedBlobs(row.type, content).some((blobId) => this.parts.store.blobs.isUploadPending(blobId));
    if (waits) this.report.heldBack += 1;
    return waits;
  }
}
