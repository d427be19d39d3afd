// From what the hooks came to, to what the client hears.

import { isAbandonment, type Done } from '@paloma/smtp-listener';
import type { Refusal } from '../hooks/refusal.js';
import { GONE, type Outcome } from '../session/outcome.js';
import { withPolicyStatus } from './enhanced-status.js';
import { failure, refusalError } from './handler-callback.js';

export type Callback = (error?: Error | null, text?: string) => void;

/** The connection, as far as replies need it. */
export interface ReplyTarget {
  send(code: number, text: string | string[], context: false): void;
  close(): void;
  usesEnhancedStatus(): boolean;
  isGone(): boolean;
  reportFailure(error: unknown): void;
}

export class OutcomeReplies {
  /** The text for the next 250, where a plugin has chosen it. */
  #acceptance: string | null = null;

  constructor(private readonly target: ReplyTarget) {}

  takeAcceptance(): string | null {
    const text = this.#acceptance;
    this.#acceptance = null;
    return text;
  }

  /** Says the refusal, or lets smtp-server's own handler answer. */
  answer(outcome: Outcome, proceed: Done): void {
    if (outcome.kind === 'refused') return this.refuse(outcome.refusal);
    if (outcome.kind === 'accepted') this.#accept(outcome.text, proceed);
  }

  /** Ends a handler of smtp-server with what the hooks came to. */
  conclude(outcome: Outcome, callback: Callback): void {
    if (outcome.kind === 'accepted') return this.#accept(outcome.text, () => callback(null));
    if (outcome.kind === 'gone') return;
    callback(refusalError(this.#withStatus(outcome.refusal)));
    if (outcome.refusal.disconnects) this.target.close();
  }

  refuse(refusal: Refusal): void {
    this.refuseAsItStands(this.#withStatus(refusal));
  }

  /** RFC 2034 §4: replies to EHLO and HELO have no enhanced status code. */
  refuseAsItStands({ code, text, disconnects }: Refusal): void {
    this.target.send(code, text, false);
    if (disconnects) this.target.close();
  }

  /** Runs a step to its end; what nobody foresaw is answered like a refusal for now. */
  async run(step: Promise<void>, done: Done): Promise<void> {
    await step.catch((error: unknown) => this.answer(this.#failedOutcome(error), () => undefined));
    done();
  }

  settle(step: Promise<Outcome>): Promise<Outcome> {
    return step.catch((error: unknown) => this.#failedOutcome(error));
  }

  #accept(text: string | null, proceed: Done): void {
    this.#acceptance = text;
    proceed();
    this.#acceptance = null;
  }

  #withStatus(refusal: Refusal): Refusal {
    return this.target.usesEnhancedStatus() ? withPolicyStatus(refusal) : refusal;
  }

  #failedOutcome(error: unknown): Outcome {
    if (this.target.isGone() || isAbandonment(error)) return GONE;
    this.target.reportFailure(error);
    return failure;
  }
}
