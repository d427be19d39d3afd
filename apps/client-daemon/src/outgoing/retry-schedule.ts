const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits between attempts: quick at first, for a lost network; hourly later, for a lost provider. A sync that reaches it again ends the wait. */
const RETRY_DELAYS_MS = [10_000, 30_000, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS];

/** RFC 5321 §4.5.4.1: give up after four to five days. */
export const GIVE_UP_AFTER_MS = 5 * 24 * HOUR_MS;

/** Milliseconds until the next attempt, after `attempts` that failed. */
export function retryDelayMs(attempts: number): number {
  return RETRY_DELAYS_MS[Math.min(attempts, RETRY_DELAYS_MS.length) - 1] ?? 0;
}
