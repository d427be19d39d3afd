import type { DocumentChange } from '../document-store.js';

export type ChangeListener = (changes: readonly DocumentChange[]) => void;

/**
 * Tells listeners of commits, each listener of every commit and in the order of the commits, also when a listener commits
 * again. What a listener throws is its own bug: it surfaces as an uncaught exception and keeps nobody else from hearing.
 */
export class ChangeFeed {
  readonly #listeners = new Set<ChangeListener>();
  readonly #waiting: (readonly DocumentChange[])[] = [];
  #isPublishing = false;

  subscribe(listener: ChangeListener): () => void {
    const own: ChangeListener = (changes) => listener(changes);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  publish(changes: readonly DocumentChange[]): void {
    if (changes.length === 0) return;
    this.#waiting.push(changes);
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.#tellAll(next);
    this.#isPublishing = false;
  }

  #tellAll(changes: readonly DocumentChange[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(changes);
      } catch (bug) {
        queueMicrotask(() => { throw bug; });
      }
    }
  }
}
