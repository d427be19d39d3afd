import type { AppendAllOutcome, AppendOutcome } from './port/index.js';

/** Of a list of one message, nothing replaced. */
export function onlyOutcome(outcome: AppendAllOutcome): AppendOutcome {
  if (outcome.ok) return { ok: true, ...outcome.appended[0]! };
  if (outcome.refusal === 'replacedNotFound') throw new RangeError('mail-store: nothing was to be replaced');
  return { ok: false, refusal: outcome.refusal };
}
