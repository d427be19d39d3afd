import type { PluginMessage } from '../hooks/next-code.js';
import { textOf, type Verdict } from '../hooks/next-code.js';
import { refusalOf, type Refusal, type RefusingHook } from '../hooks/refusal.js';

/** What a step of a session came to. `gone`: the client left meanwhile and hears nothing. */
export type Outcome =
  | { kind: 'accepted'; text: string | null }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'gone' };

export const GONE: Outcome = { kind: 'gone' };

export const accepted = (message?: PluginMessage): Outcome => ({ kind: 'accepted', text: message === undefined ? null : [textOf(message)].flat().join(' ') });

export const refused = (code: number, text: string, disconnects = false): Outcome => ({ kind: 'refused', refusal: { code, text, disconnects } });

/** A verdict as an outcome: whatever does not refuse accepts. */
export function outcomeOf(hook: RefusingHook, verdict: Verdict): Outcome {
  if (verdict.gone) return GONE;
  const refusal = refusalOf(hook, verdict);
  return refusal === null ? accepted(verdict.message) : { kind: 'refused', refusal };
}

/** How a refusal counts in tallies and results. */
export function actionOf(outcome: Outcome): 'accept' | 'tempfail' | 'reject' {
  if (outcome.kind !== 'refused') return 'accept';
  return outcome.refusal.code < 500 ? 'tempfail' : 'reject';
}
