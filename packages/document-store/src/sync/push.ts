// Pushing: dirty documents in the order in which they were written, sealed and sent in bounded batches. Sending the same
// batch twice is harmless, so a lost reply costs a repetition and nothing else.

import { type OpaqueDocumentId, type RandomSource, isDocumentType } from '@paloma/shared-model';
import type { ProviderLimits, PushItem, PushOutcome } from '@paloma/sync-protocol';
import { referencedBlobs } from '../local/document-traits.js';
import type { DocumentRow } from '../local/document-table.js';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import { understoodContent } from '../local/projection-set.js';
import type { SyncTransport } from '../provider/sync-transport.js';
import type { ProviderLog } from './provider-log.js';
import { sealItem } from './sealed-item.js';
import type { SyncReport } from './sync-report.js';

/** One batch is sealed in one turn of the event loop and held in memory. */
const PUSH_BATCH_BYTES = 8 * 1024 * 1024;
const PUSH_BATCH_RECORDS = 500;

export interface PushParts {
  readonly store: LocalDocumentStore;
  readonly transport: SyncTransport;
  readonly log: ProviderLog;
  readonly limits: ProviderLimits;
  readonly random: RandomSource;
  /** Ends the push between two batches, with its reason. */
  readonly signal: AbortSignal;
  onProgress(): void;
}

interface Batch {
  rows: Map<OpaqueDocumentId, DocumentRow>;
  items: PushItem[];
  /** Sequence of the last document looked at. */
  through: number;
}

export class Push {
  constructor(private readonly parts: PushParts, private readonly report: SyncReport) {}

  /** Number of documents that the provider has a newer or a conflicting state of: the next pull brings it. */
  async run(): Promise<number> {
    const { documents } = this.parts.store;
    const end = documents.lastSequence;
    let behind = 0;
    for (let after = 0; after < end;) {
      this.parts.signal.throwIfAborted();
      const batch = this.#collect(after, end);
      if (batch.items.length > 0) behind += await this.#send(batch);
      after = batch.through;
    }
    return behind;
  }

  #collect(after: number, end: number): Batch {
    const { limits, random, store } = this.parts;
    const batch: Batch = { rows: new Map(), items: [], through: after };
    const bounds = { bytes: Math.min(PUSH_BATCH_BYTES, limits.batchBytes), records: Math.min(PUSH_BATCH_RECORDS, limits.batchRecords) };
    const mayHoldBack = store.blobs.countPending() > 0;
    let batchBytes = 0;
    for (const row of store.documents.dirtyAfter(after, end)) {
      if (!(mayHoldBack && this.#waitsForBlob(row))) {
        const item = sealItem(row, store, random);
        batchBytes += item.sealed.length;
        if (batch.items.length > 0 && (batchBytes > bounds.bytes || batch.items.length >= bounds.records)) return batch;
        this.#add(item, row, batch);
      }
      batch.through = row.dirtySequence ?? end;
    }
    return { ...batch, through: end };
  }

  #add(item: PushItem, row: DocumentRow, batch: Batch): void {
    if (item.sealed.length > this.parts.limits.sealedDocumentBytes) {
      this.report.refused += 1;
      return;
    }
    batch.items.push(item);
    batch.rows.set(item.id, row);
  }

  async #send({ items, rows }: Batch): Promise<number> {
    const { log, onProgress, store, transport } = this.parts;
    // What is sent must outlive a power cut: a replica that forgot an edit would make its revision a second time.
    store.flush();
    const answer = await transport.push(store.replicaUid, items);
    const behind = store.commit(() => {
      log.observeHead(answer);
      return answer.outcomes.filter((outcome) => !this.#settle(outcome, rows)).length;
    });
    onProgress();
    return behind;
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
