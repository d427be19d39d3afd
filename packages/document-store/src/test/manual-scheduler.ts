import type { Scheduler } from '../scheduler.js';

/** Delays that pass when a test says so. */
export class ManualScheduler implements Scheduler {
  readonly waiting: { delayMs: number; work: () => void }[] = [];

  after(delayMs: number, work: () => void): () => void {
    const entry = { delayMs, work };
    this.waiting.push(entry);
    return () => {
      const index = this.waiting.indexOf(entry);
      if (index >= 0) this.waiting.splice(index, 1);
    };
  }

  /** Ends the oldest wait. */
  pass(): void {
    this.waiting.shift()?.work();
  }
}
