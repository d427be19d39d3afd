// How far this replica has read the provider's log, for each class of documents, and the newest head it saw. A head that
// goes back, or changes under a generation seen before, means a provider restored from a backup, or a lying one.
//
// Summaries may be read newest first (docs/protocol/sync.md §4): then those from `floor` down were not looked at yet.

import { DOCUMENT_CLASSES, parseGeneration, type DocumentClass, type Generation } from '@paloma/shared-model';
import type { MetaTable } from '../local/meta-table.js';
import { StoreError } from '../store-error.js';
import type { PullPage, PullRequestHead } from '../provider/sync-transport.js';

/** In the order in which a new device asks for them. */
export const ALL_CLASSES: readonly DocumentClass[] = Object.values(DOCUMENT_CLASSES);

export class ProviderLog {
  constructor(private readonly meta: MetaTable) {}

  cursor(documentClass: DocumentClass): Generation {
    return parseGeneration(this.meta.loadNumber(`cursor${documentClass}`));
  }

  /** Up to here, inclusive, summaries were not looked at; 0 when there is nothing left below the cursor. */
  get floor(): Generation {
    return parseGeneration(this.meta.loadNumber('floor1'));
  }

  /** Whether every class was read up to the same generation: nothing of the log before it is missing. */
  get isTogether(): boolean {
    return this.floor === 0 && new Set(ALL_CLASSES.map((documentClass) => this.cursor(documentClass))).size === 1;
  }

  /** Whether everything up to `completeHead` is here, and nothing was read beyond it. */
  get isComplete(): boolean {
    return this.isTogether && this.completeHead()?.generation === this.cursor(0);
  }

  /** The newest head up to which everything had been received; null when that never was. */
  completeHead(): PullRequestHead | null {
    const generation = this.meta.load('completeGeneration');
    if (generation === null) return null;
    return { generation: parseGeneration(Number(generation)), transactionId: String(this.meta.load('completeTransactionId') ?? '') as PullRequestHead['transactionId'] };
  }

  /** Null before anything was seen. */
  knownHead(): PullRequestHead | null {
    const generation = this.meta.load('knownGeneration');
    if (generation === null) return null;
    return { generation: parseGeneration(Number(generation)), transactionId: String(this.meta.load('knownTransactionId') ?? '') as PullRequestHead['transactionId'] };
  }

  /**
   * What a pull says to know: null for a fresh replica, which was told of no head yet. The provider may have forgotten those that its
   * former self knew (docs/protocol/sync.md §4.2).
   */
  ownHead(): PullRequestHead | null {
    return this.meta.load('isHeadInherited') === null ? this.knownHead() : null;
  }

  /** `SyncStatus.pendingDown` for a log of this length. */
  pendingDown(head: Generation): number {
    const unread = ALL_CLASSES.reduce<number>((sum, documentClass) => sum + Math.max(0, head - this.cursor(documentClass)), this.floor);
    return Math.ceil(unread / ALL_CLASSES.length);
  }

  /** Inside the page's transaction. */
  advance(classes: readonly DocumentClass[], through: Generation): void {
    for (const documentClass of classes) this.meta.save(`cursor${documentClass}`, through);
  }

  /** Inside the page's transaction. */
  lowerFloor(through: Generation): void {
    this.meta.save('floor1', through);
  }

  /** Inside the page's transaction. What was removed before the first complete pull, this replica never sees. */
  noteCompacted(compacted: Generation | undefined): void {
    if (compacted !== undefined && compacted > this.compactedBefore && !this.hasBegun) this.meta.save('compactedBefore', compacted);
  }

  /** Everything was here for the first time: from now on nothing is removed that this replica has not seen. */
  noteBeginning(): void {
    this.meta.save('hasBegun', this.completeHead()?.generation ?? 0);
  }

  /** The generation up to which statements are older than this replica, when tombstones were removed before it began; else 0. */
  get beginning(): Generation {
    if (this.compactedBefore === 0) return parseGeneration(0);
    return parseGeneration(this.hasBegun ? this.meta.loadNumber('hasBegun') : (this.completeHead()?.generation ?? 0));
  }

  get hasBegun(): boolean {
    return this.meta.load('hasBegun') !== null;
  }

  /** What is here now is taken for the beginning. */
  beginAgain(): void {
    this.meta.delete('hasBegun');
  }

  forgetBeginning(): void {
    for (const name of ['hasBegun', 'compactedBefore'] as const) this.meta.delete(name);
  }

  /** The highest generation of a tombstone that was removed before this replica began to read. */
  get compactedBefore(): Generation {
    return parseGeneration(this.meta.loadNumber('compactedBefore'));
  }

  /** At the end of a pull: everything up to the head may be here now. */
  noteComplete(): void {
    const known = this.knownHead();
    if (known && this.isTogether && this.cursor(0) === known.generation) this.#saveComplete(known);
  }

  /** After a push that stored `inserted` documents: when nobody else wrote in between, there is nothing to read in them. */
  passOwn(head: PullRequestHead, inserted: number): void {
    if (!this.isComplete || head.generation !== this.cursor(0) + inserted) return;
    this.advance(ALL_CLASSES, head.generation);
    this.#saveComplete(head);
  }

  /** @throws {StoreError} "transactionMismatch" when the head contradicts the one seen before */
  assertGoesOn({ generation, transactionId }: PullRequestHead): void {
    const known = this.knownHead();
    if (known && (generation < known.generation || (generation === known.generation && transactionId !== known.transactionId))) {
      throw new StoreError('transactionMismatch', `log of the provider went back to generation ${generation}`);
    }
  }

  /** @throws {StoreError} as `assertGoesOn` */
  observeHead({ generation, transactionId }: PullRequestHead): void {
    this.assertGoesOn({ generation, transactionId });
    if (this.meta.load('isHeadInherited') !== null) this.meta.delete('isHeadInherited');
    if (this.knownHead()?.generation === generation) return;
    this.meta.save('knownGeneration', generation);
    this.meta.save('knownTransactionId', transactionId);
  }

  /** The log is read from its beginning once more; what was known of its head still holds. */
  readAnew(): void {
    for (const documentClass of ALL_CLASSES) this.meta.save(`cursor${documentClass}`, 0);
    this.meta.delete('floor1');
  }

  /** Forgets everything: another log is read from its beginning. */
  restart(): void {
    this.readAnew();
    this.forgetBeginning();
    for (const name of ['knownGeneration', 'knownTransactionId', 'completeGeneration', 'completeTransactionId'] as const) this.meta.delete(name);
  }

  #saveComplete({ generation, transactionId }: PullRequestHead): void {
    if (this.completeHead()?.generation === generation) return;
    this.meta.save('completeGeneration', generation);
    this.meta.save('completeTransactionId', transactionId);
  }
}

/** @throws {StoreError} "malformedAnswer" for a page that could make a reader go round in circles */
export function assertPageMoves({ items, generation, through }: PullPage, since: Generation): void {
  const isSound = through <= generation && through >= since && (items.length > 0 || through === generation || through > since);
  if (!isSound) throw new StoreError('malformedAnswer', `page after ${since} reaches ${through} of ${generation}`);
}

/** The same for a page of the newest, from `until` down. @throws {StoreError} "malformedAnswer" */
export function assertPageDescends({ items, generation, through }: PullPage, until: Generation | undefined): void {
  const isSound = through === 0 || (through < (until ?? generation) && items.length > 0);
  if (!isSound) throw new StoreError('malformedAnswer', `page from ${until ?? generation} down ends at ${through}`);
}
