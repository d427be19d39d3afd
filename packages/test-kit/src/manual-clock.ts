import type { Clock } from '@paloma/shared-model';

export interface ManualClock extends Clock {
  advance(byMs: number): void;
}

/** A clock that stands still until a test moves it. Starts at 2026-01-01T00:00:00Z unless told otherwise. */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  return { nowMs: () => nowMs, advance: (byMs) => void (nowMs += byMs) };
}
