// One account of a provider in memory, with the semantics of docs/protocol/sync.md: the twin that sync tests of every package
// run against. It keeps sealed octets only, as the real one does.

import {
  MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_BLOB_BYTES, MAX_SEALED_DOCUMENT_BYTES, compareRevisions, parseGeneration, parseTransactionId,
  type AccountId, type BlobId, type BlobNamespace, type DocumentClass, type Generation, type OpaqueDocumentId, type RandomSource, type ReplicaUid, type TransactionId,
} from '@paloma/shared-model';
import type { BlobDownItem, BlobListAnswer, BlobUpItem, InfoAnswer, ProviderLimits, PullItem, PullRequest, PushAnswer, PushItem, PushOutcomeKind, SyncEvent } from '@paloma/sync-protocol';
import type { BlobPart, BlobPartRequest } from '../local/blob-download.js';
import { StoreError } from '../store-error.js';
import type { BlobOutcome, ProviderEvents, PullPage, SyncTransport } from './sync-transport.js';

interface StoredItem extends PullItem {
  source: ReplicaUid;
}

type ByClass = { [Class in DocumentClass]?: number };

const DEFAULT_LIMITS: ProviderLimits = {
  sealedDocumentBytes: MAX_SEALED_DOCUMENT_BYTES, blobBytes: MAX_BLOB_BYTES,
  batchBytes: MAX_BATCH_BYTES, batchRecords: MAX_BATCH_RECORDS, quotaBytes: Number.MAX_SAFE_INTEGER,
};

export class MemoryProvider implements SyncTransport, ProviderEvents {
  /** Last state of each document; public so that tests can play a hostile provider. */
  readonly documents = new Map<OpaqueDocumentId, StoredItem>();
  /** Sealed blobs by `namespace/blobId`. */
  readonly blobs = new Map<string, Uint8Array>();
  readonly limits: ProviderLimits;
  readonly #accountId: AccountId;
  readonly #random: RandomSource;
  readonly #listeners = new Set<(event: SyncEvent) => void>();
  /** How far each replica has read each class that it may hold documents of. */
  readonly #progress = new Map<ReplicaUid, ByClass>();
  readonly #forgotten = new Set<ReplicaUid>();
  /** The highest generation of a tombstone that was removed. */
  readonly #compacted: ByClass = {};
  #usedBytes = 0;
  /** Transaction id of each generation; that of generation 0 is empty. */
  #heads: TransactionId[] = ['' as TransactionId];

  constructor({ accountId, random, limits }: { accountId: AccountId; random: RandomSource; limits?: Partial<ProviderLimits> }) {
    this.#accountId = accountId;
    this.#random = random;
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  get generation(): Generation {
    return parseGeneration(this.#heads.length - 1);
  }

  async info(): Promise<InfoAnswer> {
    return { v: 1, accountId: this.#accountId, ...this.#head(), limits: this.limits, usedBytes: this.#usedBytes };
  }

  async push(replicaUid: ReplicaUid, items: readonly PushItem[]): Promise<PushAnswer> {
    if (items.length > this.limits.batchRecords) throw new StoreError('tooLarge', 'batch of too many records');
    if (items.some(({ sealed }) => sealed.length > this.limits.sealedDocumentBytes)) throw new StoreError('tooLarge', 'sealed document over limit');
    this.#acknowledge(replicaUid, items.map((item) => item.class), { since: parseGeneration(0), order: 'newest' });
    const transactionId = this.#newTransactionId();
    const before = this.generation;
    if (!this.#hasRoom(items)) throw new StoreError('quotaExceeded', 'account is full');
    const outcomes = items.map((item) => {
      const outcome = outcomeOf(item, this.documents.get(item.id));
      if (outcome === 'inserted') this.insert(item, replicaUid, transactionId);
      return { id: item.id, outcome, generation: this.documents.get(item.id)?.generation ?? this.generation };
    });
    if (this.generation > before) this.#publish({ event: 'generation', data: { ...this.#head(), source: replicaUid } });
    return { ...this.#head(), outcomes };
  }

  async pull({ replicaUid, since, until = this.generation, order = 'ascending', classes, limit, known, own = false }: Omit<PullRequest, 'v'>): Promise<PullPage> {
    const isReadingOn = this.#acknowledge(replicaUid, classes, { since, order });
    this.#assertKnown(known);
    if (!isReadingOn) this.#assertWhole(classes, since);
    const isAscending = order === 'ascending';
    const asked = [...this.documents.values()]
      .filter((item) => item.generation > since && item.generation <= until && classes.includes(item.class) && (own || item.source !== replicaUid))
      .sort((left, right) => (isAscending ? left.generation - right.generation : right.generation - left.generation));
    const page = asked.slice(0, Math.min(limit, this.limits.batchRecords));
    const last = page.length < asked.length ? page.at(-1) : undefined;
    const end = isAscending ? this.generation : since;
    const through = last ? parseGeneration(isAscending ? last.generation : last.generation - 1) : end;
    return { items: page.map(({ source: _source, ...item }) => ({ ...item, sealed: item.sealed.slice() })), ...this.#head(), through, ...this.#compactedOf(classes) };
  }

  async uploadBlobs(namespace: BlobNamespace, blobs: readonly BlobUpItem[]): Promise<BlobOutcome[]> {
    return blobs.map(({ id, sealed }) => ({ id, outcome: this.#storeBlob(namespace, id, sealed) }));
  }

  async hasBlob(namespace: BlobNamespace, blobId: BlobId): Promise<boolean> {
    return this.blobs.has(`${namespace}/${blobId}`);
  }

  async uploadBlob(namespace: BlobNamespace, blobId: BlobId, sealed: Uint8Array): Promise<'stored' | 'present'> {
    const outcome = this.#storeBlob(namespace, blobId, sealed);
    if (outcome === 'tooLarge' || outcome === 'quotaExceeded') throw new StoreError(outcome, 'blob refused');
    return outcome;
  }

  async downloadBlobs(namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<BlobDownItem[]> {
    const items: BlobDownItem[] = [];
    let batchBytes = 0;
    for (const id of blobIds) {
      const sealed = this.blobs.get(`${namespace}/${id}`);
      batchBytes += sealed?.length ?? 0;
      if (items.length > 0 && batchBytes > this.limits.batchBytes) break;
      items.push(downItem(id, sealed, this.limits.batchBytes));
    }
    return items;
  }

  async fetchBlob(namespace: BlobNamespace, blobId: BlobId): Promise<Uint8Array | null> {
    return this.blobs.get(`${namespace}/${blobId}`)?.slice() ?? null;
  }

  async fetchBlobPart(namespace: BlobNamespace, blobId: BlobId, { from, maxBytes }: BlobPartRequest): Promise<BlobPart | null> {
    const sealed = this.blobs.get(`${namespace}/${blobId}`);
    if (sealed && from >= sealed.length) throw new StoreError('rangeNotSatisfiable', 'range outside of the blob');
    return sealed ? { octets: sealed.slice(from, from + maxBytes), totalBytes: sealed.length } : null;
  }

  async deleteBlob(namespace: BlobNamespace, blobId: BlobId): Promise<void> {
    this.#usedBytes -= this.blobs.get(`${namespace}/${blobId}`)?.length ?? 0;
    this.blobs.delete(`${namespace}/${blobId}`);
  }

  async listBlobs(namespace: BlobNamespace, { after = '' as BlobId, limit = 1000 }: { after?: BlobId; limit?: number }): Promise<BlobListAnswer> {
    const prefix = `${namespace}/`;
    const rest = [...this.blobs].filter(([name]) => name.startsWith(prefix))
      .map(([name, sealed]) => ({ blobId: name.slice(prefix.length) as BlobId, sizeBytes: sealed.length }))
      .filter(({ blobId }) => blobId > after).sort((left, right) => (left.blobId < right.blobId ? -1 : 1));
    return { blobs: rest.slice(0, limit), more: rest.length > limit };
  }

  subscribe(listener: (event: SyncEvent) => void): () => void {
    this.#listeners.add(listener);
    listener({ event: 'generation', data: { ...this.#head(), source: null } });
    return () => void this.#listeners.delete(listener);
  }

  /** Stores whatever it is given under the next generation, as a hostile provider would. */
  insert(item: PushItem, source: ReplicaUid, transactionId = this.#newTransactionId()): void {
    this.#heads.push(transactionId);
    this.#usedBytes += item.sealed.length - (this.documents.get(item.id)?.sealed.length ?? 0);
    this.documents.set(item.id, { ...item, sealed: item.sealed.slice(), generation: this.generation, source });
  }

  /** Goes back to how it stood at a generation, as a provider restored from a backup would, with documents given by the test. */
  restore(generation: Generation, documents: Iterable<StoredItem>, heads: readonly TransactionId[] = this.#heads): void {
    this.#heads = heads.slice(0, generation + 1);
    this.documents.clear();
    for (const item of documents) this.documents.set(item.id, item);
  }

  /** A second log that begins as a copy of this one, as a provider keeps that tells two histories. */
  fork(): MemoryProvider {
    const copy = new MemoryProvider({ accountId: this.#accountId, random: this.#random, limits: this.limits });
    copy.restore(this.generation, this.documents.values(), this.#heads);
    return copy;
  }

  /** Removes tombstones that every replica has passed, docs/protocol/sync.md §4.1. */
  compactTombstones(): void {
    const passed = Math.min(this.generation, ...[...this.#progress.values()].flatMap((through) => Object.values(through)));
    for (const { id, generation, tombstone, class: documentClass } of this.documents.values()) {
      if (!tombstone || generation > passed) continue;
      this.documents.delete(id);
      this.#compacted[documentClass] = Math.max(generation, this.#compacted[documentClass] ?? 0);
    }
  }

  /** As after a year unseen: the uid is spent. */
  forget(replicaUid: ReplicaUid): void {
    this.#progress.delete(replicaUid);
    this.#forgotten.add(replicaUid);
  }

  /** Whether the replica reads on from where it was waited for; one that reads from 0 begins again. */
  #acknowledge(replicaUid: ReplicaUid, classes: readonly DocumentClass[], { since, order }: Pick<PullRequest, 'since' | 'order'>): boolean {
    if (this.#forgotten.has(replicaUid)) throw new StoreError('gone', 'the replica was forgotten');
    const known = this.#progress.get(replicaUid) ?? {};
    const lowest = Math.min(...classes.map((documentClass) => known[documentClass] ?? -1));
    const beginsAgain = since === 0 && order !== 'newest';
    for (const documentClass of classes) known[documentClass] = beginsAgain ? 0 : Math.max(since, known[documentClass] ?? 0);
    this.#progress.set(replicaUid, known);
    return lowest >= 0 && since >= lowest;
  }

  #assertWhole(classes: readonly DocumentClass[], since: Generation): void {
    const misses = since > 0 && since < (this.#compactedOf(classes).compacted ?? 0);
    if (misses) throw new StoreError('gone', 'tombstones after this generation were removed');
  }

  #compactedOf(classes: readonly DocumentClass[]): Pick<PullPage, 'compacted'> {
    const highest = Math.max(0, ...classes.map((documentClass) => this.#compacted[documentClass] ?? 0));
    return highest > 0 ? { compacted: parseGeneration(highest) } : {};
  }

  #assertKnown(known: PullRequest['known']): void {
    if (known === null) return;
    const transactionId = this.#heads[known.generation];
    if (transactionId === undefined) throw new StoreError('generationUnknown', 'no such generation');
    if (transactionId !== known.transactionId) throw new StoreError('transactionMismatch', 'another transaction made that generation');
  }

  /** Judged before anything is stored; what makes room is always taken. */
  #hasRoom(items: readonly PushItem[]): boolean {
    const stored = items.filter((item) => outcomeOf(item, this.documents.get(item.id)) === 'inserted');
    const addedBytes = stored.reduce((sum, { id, sealed }) => sum + sealed.length - (this.documents.get(id)?.sealed.length ?? 0), 0);
    return addedBytes <= 0 || this.#usedBytes + addedBytes <= this.limits.quotaBytes;
  }

  #storeBlob(namespace: BlobNamespace, blobId: BlobId, sealed: Uint8Array): BlobOutcome['outcome'] {
    const name = `${namespace}/${blobId}`;
    if (this.blobs.has(name)) return 'present';
    if (sealed.length > this.limits.blobBytes) return 'tooLarge';
    if (this.#usedBytes + sealed.length > this.limits.quotaBytes) return 'quotaExceeded';
    this.blobs.set(name, sealed.slice());
    this.#usedBytes += sealed.length;
    return 'stored';
  }

  #head(): { generation: Generation; transactionId: TransactionId } {
    return { generation: this.generation, transactionId: this.#heads.at(-1) ?? ('' as TransactionId) };
  }

  #newTransactionId(): TransactionId {
    return parseTransactionId(Buffer.from(this.#random.bytes(16)).toString('base64url'));
  }

  #publish(event: SyncEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** U1DB's put-if-newer on revisions alone, docs/protocol/sync.md §3. */
function outcomeOf(item: PushItem, stored: StoredItem | undefined): PushOutcomeKind {
  if (!stored) return 'inserted';
  const order = compareRevisions(item.revision, stored.revision);
  if (order === 'same') return item.epoch > stored.epoch ? 'inserted' : 'converged';
  if (order === 'newer') return 'inserted';
  return order === 'older' ? 'superseded' : 'conflicted';
}

function downItem(id: BlobId, sealed: Uint8Array | undefined, batchBytes: number): BlobDownItem {
  if (!sealed) return { id, missing: true };
  return sealed.length > batchBytes ? { id, tooLarge: true } : { id, sealed: sealed.slice() };
}
