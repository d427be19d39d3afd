import type { RandomSource } from '@paloma/shared-model';

export const DAY_MS = 24 * 60 * 60 * 1000;
/** RFC 8460 §5.4 wants reports of all senders not to come at once. */
export const MAX_DELAY_MS = 4 * 60 * 60 * 1000;

/** When the report of a UTC day (days since 1970) is due: within four hours after it. */
export function dueAtMs(day: number, random: RandomSource): number {
  const [high = 0, low = 0] = random.bytes(2);
  return (day + 1) * DAY_MS + Math.floor((MAX_DELAY_MS * (high * 256 + low)) / 65_536);
}
