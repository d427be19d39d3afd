// Renews what is known of correspondents in the background, so that revocations and new expiry dates are noticed. One address at
// a time, at random intervals: questions asked together or in step would show a directory, and who watches it, whom the user knows.

import type { RandomSource } from '@paloma/shared-model';
import type { Scheduler } from '@paloma/document-store';
import type { Keyring } from './keyring.js';

export interface KeyRefresherParts {
  keyring: Pick<Keyring, 'refreshOldest'>;
  scheduler: Scheduler;
  random: RandomSource;
  /** Told what made a refresh fail; the next one comes all the same. An outage of a directory is no failure. */
  onFailure(error: unknown): void;
}

const HOUR_MS = 60 * 60_000;
/** Shorter ones would tell who is online when. */
export const MIN_INTERVAL_MS = HOUR_MS;
/** Longer ones would leave an account with hundreds of correspondents months behind. */
export const MAX_INTERVAL_MS = 5 * HOUR_MS;

export class KeyRefresher {
  readonly #parts: KeyRefresherParts;
  #cancelTimer: (() => void) | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: KeyRefresherParts) {
    this.#parts = parts;
  }

  /** The first refresh is an interval away: at a start everybody would ask at once. */
  start(): void {
    if (this.#cancelTimer === null) this.#wait();
  }

  /** Resolves when a refresh that has begun is over; the store may be closed then. */
  async stop(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    await this.#running;
  }

  /** At most one wait at a time, even when it was started again while a refresh ran. */
  #wait(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#parts.scheduler.after(this.#intervalMs(), () => { this.#running = this.#refresh(); });
  }

  async #refresh(): Promise<void> {
    try {
      await this.#parts.keyring.refreshOldest();
    } catch (error) {
      this.#parts.onFailure(error);
    }
    if (this.#cancelTimer !== null) this.#wait();
  }

  #intervalMs(): number {
    const octets = this.#parts.random.bytes(4);
    const fraction = new DataView(octets.buffer, octets.byteOffset).getUint32(0) / 2 ** 32;
    return Math.round(MIN_INTERVAL_MS + fraction * (MAX_INTERVAL_MS - MIN_INTERVAL_MS));
  }
}
