import type { DeliveryAction, FailedRecipient } from '@paloma/mail-format';
import type { NotifyCondition, RandomSource } from '@paloma/shared-model';
import type { RetryConfiguration } from '../config/configuration.js';
import type { AttemptResult } from './attempt-result.js';
import { wantsNotice } from './notification-request.js';
import type { Claim, ClaimedRecipient, Settlement } from './outgoing-queue.js';
import { nextAttemptMs } from './retry-schedule.js';

export interface SettlementPlan {
  settlements: Settlement[];
  /** Whom the sender is told of, by what became of them. */
  notices: Record<DeliveryAction, FailedRecipient[]>;
}

const CONDITIONS = { failed: 'FAILURE', delayed: 'DELAY', relayed: 'SUCCESS', delivered: 'SUCCESS' } as const satisfies Record<DeliveryAction, NotifyCondition>;

/** What follows from an attempt. `results` in the order of the claim's recipients. */
export function planSettlement(claim: Claim, results: readonly AttemptResult[], retry: RetryConfiguration, nowMs: number, random: RandomSource): SettlementPlan {
  const plan: SettlementPlan = { settlements: [], notices: { failed: [], delayed: [], relayed: [], delivered: [] } };
  const isLate = nowMs - claim.acceptedAtMs >= retry.delayNoticeAfterSeconds * 1000;
  for (const [index, recipient] of claim.recipients.entries()) {
    const result = results[index];
    if (result === undefined) continue;   // not attempted: its lease runs out
    const atMs = result.kind === 'deferred' ? nextAttemptMs(retry, recipient.failedAttempts + 1, claim.acceptedAtMs, nowMs, random) : null;
    plan.settlements.push(settlementOf(recipient, result, atMs, isLate));
    const action = actionOf(recipient, result, atMs, isLate);
    if (action !== null && wantsNotice(recipient.request, CONDITIONS[action])) plan.notices[action].push(noticeOf(recipient, result));
  }
  return plan;
}

function settlementOf({ position, isDelayTold }: ClaimedRecipient, result: AttemptResult, atMs: number | null, isLate: boolean): Settlement {
  if (atMs === null || result.kind !== 'deferred') return { position, kind: 'done' };
  return { position, kind: 'retry', atMs, status: result.failure.status, isDelayTold: isDelayTold || isLate };
}

/** null: nothing that anybody might want to be told. */
function actionOf({ isDelayTold }: ClaimedRecipient, result: AttemptResult, atMs: number | null, isLate: boolean): DeliveryAction | null {
  if (result.kind === 'delivered') return result.notice;
  if (atMs === null) return 'failed';
  return isLate && !isDelayTold ? 'delayed' : null;
}

function noticeOf({ forwardPath, request }: ClaimedRecipient, result: AttemptResult): FailedRecipient {
  const facts = result.kind === 'delivered' ? { status: '2.0.0', diagnostic: null, remoteMta: null } : result.failure;
  return { forwardPath, originalRecipient: request?.originalRecipient ?? null, ...facts };
}
