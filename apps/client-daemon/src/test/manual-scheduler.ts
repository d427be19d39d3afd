import type { Scheduler } from '@paloma/document-store';

/** Delays that pass when a test says so. */
export class ManualScheduler implements Scheduler {
  readonly #waiting = new Set<{ delayMs: number; work: () => void }>();

  get delaysMs(): number[] {
    return [...this.#waiting].map(({ delayMs }) => delayMs);
  }

  after(delayMs: number, work: () => void): () => void {
    const entry = { delayMs, work };
    this.#waiting.add(entry);
    return () => void this.#waiting.delete(entry);
  }

  /** Ends the oldest wait of at least so long. */
  pass(atLeastMs = 0): void {
    const oldest = [...this.#waiting].find(({ delayMs }) => delayMs >= atLeastMs);
    if (!oldest) return;
    this.#waiting.delete(oldest);
    oldest.work();
  }
}
