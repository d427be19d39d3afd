import type { MarkClock, ReplicaUid } from '@paloma/shared-model';
import type { MetaTable } from './meta-table.js';

/**
 * The Lamport counter of this replica: later than every mark it made or received. Kept in memory and written with the
 * transaction that moved it; a transaction that is rolled back takes its moves back.
 */
export class MarkCounter {
  #saved: number;
  #current: number;

  constructor(private readonly meta: MetaTable, private readonly replicaUid: () => ReplicaUid) {
    this.#saved = this.#current = meta.loadNumber('markCounter');
  }

  next(): MarkClock {
    this.#current += 1;
    return { counter: this.#current, replica: this.replicaUid() };
  }

  observe(counter: number): void {
    this.#current = Math.max(this.#current, counter);
  }

  /** Inside the transaction, at its end. */
  save(): void {
    if (this.#current !== this.#saved) this.meta.save('markCounter', this.#current);
  }

  committed(): void {
    this.#saved = this.#current;
  }

  rolledBack(): void {
    this.#current = this.#saved;
  }
}
