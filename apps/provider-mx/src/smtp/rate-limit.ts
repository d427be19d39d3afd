import type { Clock } from '@paloma/shared-model';

const MINUTE_MS = 60_000;
/** Keys that are remembered; those not seen for longest are forgotten first. Without it, a sender with many addresses could fill the memory. */
const MAX_KEYS = 20_000;

/** So many in a minute for each key, all of them at once if need be; then they come back one by one. Each process counts for itself. */
export class RateLimit {
  /** When the key has everything back. */
  readonly #restoredAtMs = new Map<string, number>();

  constructor(private readonly perMinute: number, private readonly clock: Clock) {}

  /** False when it is one too many; then it does not count. */
  tryCount(key: string): boolean {
    const nowMs = this.clock.nowMs();
    const restoredAtMs = Math.max(this.#restoredAtMs.get(key) ?? 0, nowMs) + MINUTE_MS / this.perMinute;
    if (restoredAtMs > nowMs + MINUTE_MS) return false;
    this.#restoredAtMs.delete(key);
    this.#restoredAtMs.set(key, restoredAtMs);   // the key seen last is the last
    const [oldest] = this.#restoredAtMs.keys();
    if (this.#restoredAtMs.size > MAX_KEYS && oldest !== undefined) this.#restoredAtMs.delete(oldest);
    return true;
  }
}
