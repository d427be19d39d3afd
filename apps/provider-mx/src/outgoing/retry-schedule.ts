import type { RandomSource } from '@paloma/shared-model';
import type { RetryConfiguration } from '../config/configuration.js';

/** Part of each wait that is random, so that what failed together does not come back together. */
const JITTER = 0.1;

/** When the next attempt is due, epoch ms; null when it is time to give up. `failedAttempts` counts the one just made. */
export function nextAttemptMs(retry: RetryConfiguration, failedAttempts: number, acceptedAtMs: number, nowMs: number, random: RandomSource): number | null {
  if (nowMs - acceptedAtMs >= retry.giveUpAfterSeconds * 1000) return null;
  const delaySeconds = retry.delaysSeconds[Math.min(failedAttempts, retry.delaysSeconds.length) - 1] ?? 0;
  return nowMs + Math.round(delaySeconds * 1000 * (1 - JITTER + 2 * JITTER * fraction(random)));
}

/** 0 ≤ x < 1 */
function fraction(random: RandomSource): number {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) / 65_536;
}
