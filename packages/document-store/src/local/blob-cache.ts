// Which blobs stay on this device. Above the budget those that the provider has too and that are not pinned are given up, least
// recently used first, some at a time. What is not at the provider (waiting to go up, or local only) is never given up, so a
// budget may be exceeded by it. A reader is handed octets of its own: nothing can be evicted under it.
//
// A read is no write: when a blob was last used is kept in memory and saved when blobs are evicted and when the store is closed.
// A killed process forgets the order of its reads, and no octets.

import type { BlobTable } from './blob-table.js';

/** Evicted in one transaction, which is one turn of the event loop. */
const EVICTION_PAGE_BLOBS = 200;
/** Uses remembered; the oldest are forgotten first, so those blobs pass for less recently used than they are. */
const MAX_UNSAVED_USES = 10_000;

export interface BlobCacheParts {
  readonly table: BlobTable;
  /** Octets of blobs to keep here; null: all of them. */
  readonly budgetBytes: number | null;
  inTransaction<R>(work: () => R): R;
  /** Told after each page of evictions. */
  onEvicted(blobs: number): void;
}

export class BlobCache {
  readonly #parts: BlobCacheParts;
  /** Row → when it was last used, oldest use first. */
  readonly #unsavedUses = new Map<number, number>();
  #budgetBytes: number | null;
  #lastUse: number;
  #isEvicting = false;
  #isClosed = false;

  constructor(parts: BlobCacheParts) {
    this.#parts = parts;
    this.#budgetBytes = parts.budgetBytes;
    this.#lastUse = parts.table.newestUse();
  }

  get budgetBytes(): number | null {
    return this.#budgetBytes;
  }

  set budgetBytes(budgetBytes: number | null) {
    this.#budgetBytes = budgetBytes;
    this.trim();
  }

  /** Whether another blob may be fetched that nobody asked for yet. */
  get hasRoom(): boolean {
    return this.#budgetBytes === null || this.#parts.table.localBytes() < this.#budgetBytes;
  }

  nextUse(): number {
    return ++this.#lastUse;
  }

  noteUse(rowId: number): void {
    this.#unsavedUses.delete(rowId);
    this.#unsavedUses.set(rowId, this.nextUse());
    if (this.#unsavedUses.size > MAX_UNSAVED_USES) this.#unsavedUses.delete(this.#unsavedUses.keys().next().value ?? 0);
  }

  /** Begins to evict what is above the budget; goes on by itself until that holds or there is nothing more to evict. */
  trim(): void {
    if (!this.#isEvicting) this.#evictPage();
  }

  close(): void {
    if (this.#unsavedUses.size > 0) this.#parts.inTransaction(() => this.#saveUses());
    this.#isClosed = true;
  }

  #evictPage(): void {
    this.#isEvicting = false;
    if (this.#isClosed || this.#surplusBytes() <= 0) return;
    const { blobs } = this.#parts.inTransaction(() => {
      this.#saveUses();
      return this.#parts.table.dropLeastUsed(this.#surplusBytes(), EVICTION_PAGE_BLOBS);
    });
    if (blobs === 0) return;
    this.#isEvicting = true;
    setImmediate(() => this.#evictPage());
    this.#parts.onEvicted(blobs);
  }

  #saveUses(): void {
    for (const [rowId, use] of this.#unsavedUses) this.#parts.table.saveUse(rowId, use);
    this.#unsavedUses.clear();
  }

  #surplusBytes(): number {
    return this.#budgetBytes === null ? 0 : this.#parts.table.localBytes() - this.#budgetBytes;
  }
}
