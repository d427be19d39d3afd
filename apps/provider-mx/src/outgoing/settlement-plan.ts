import type { FailedRecipient } from '@paloma/mail-format';
import type { RandomSource } from '@paloma/shared-model';
import type { RetryConfiguration } from '../config/configuration.js';
import type { AttemptResult } from './attempt-result.js';
import type { Claim, Settlement } from './outgoing-queue.js';
import { nextAttemptMs } from './retry-schedule.js';

export interface SettlementPlan {
  settlements: Settlement[];
  /** Those who will not get the message: the sender is told. */
  failedRecipients: FailedRecipient[];
}

/** What follows from an attempt. `results` in the order of the claim's recipients. */
export function planSettlement(claim: Claim, results: readonly AttemptResult[], retry: RetryConfiguration, nowMs: number, random: RandomSource): SettlementPlan {
  const plan: SettlementPlan = { settlements: [], failedRecipients: [] };
  for (const [index, { position, forwardPath, failedAttempts }] of claim.recipients.entries()) {
    const result = results[index];
    if (result === undefined) continue;   // not attempted: its lease runs out
    const atMs = result.kind === 'deferred' ? nextAttemptMs(retry, failedAttempts + 1, claim.acceptedAtMs, nowMs, random) : null;
    plan.settlements.push(atMs === null ? { position, kind: 'done' } : { position, kind: 'retry', atMs });
    if (atMs === null && result.kind !== 'delivered') plan.failedRecipients.push({ forwardPath, ...result.failure });
  }
  return plan;
}
