// Empties the outbox: attempts what is due, waits for what is not, gives up in the end. One submission at a time, so that a large
// outbox after a journey does not flood the line.

import { parseSubmissionId, type SubmissionDocument } from '@paloma/shared-model';
import { systemScheduler, type Scheduler } from '@paloma/document-store';
import type { Logger } from '../log.js';
import { Rounds } from '../rounds.js';
import { Delivery, type DeliveryParts } from './delivery.js';
import type { Outbox } from './outbox.js';
import { GIVE_UP_AFTER_MS, retryDelayMs } from './retry-schedule.js';
import { isFinished } from './submission-records.js';

export interface SenderOptions extends Omit<DeliveryParts, 'records'> {
  outbox: Outbox;
  scheduler?: Scheduler;
  log: Logger;
}

/** A store that cannot be written must not be asked again without a pause. */
const SHORTEST_SLEEP_MS = 1_000;
/** Longest delay of a timer; waking early does no harm. */
const LONGEST_SLEEP_MS = 24 * 3_600_000;

export class Sender {
  readonly #options: SenderOptions;
  readonly #delivery: Delivery;
  readonly #rounds = new Rounds(() => this.#attemptAll());
  readonly #stopping = new AbortController();
  readonly #endSubscription: () => void;
  #cancelSleep: () => void = () => {};

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#delivery = new Delivery({ ...options, records: options.outbox.records });
    this.#endSubscription = options.outbox.subscribe(() => void this.wake());
  }

  /** Looks at the outbox; harmless when there is nothing to do. Resolves when all that is due was attempted. */
  wake(): Promise<void> {
    return this.#rounds.ask();
  }

  /** Breaks off what is being sent; resolves when nothing is. */
  async stop(): Promise<void> {
    this.#endSubscription();
    this.#cancelSleep();
    this.#stopping.abort();
    await this.#rounds.stop();
  }

  async #attemptAll(): Promise<void> {
    for (const submission of this.#options.outbox.records.unfinished()) {
      if (!this.#rounds.isStopped) await this.#attempt(submission);
    }
    this.#sleep();
  }

  async #attempt(submission: SubmissionDocument): Promise<void> {
    const { outbox, clock, log } = this.#options;
    const submissionId = parseSubmissionId(submission.submissionId);
    try {
      await outbox.fileCopy(submission);
      if (submission.nextAttemptAtMs > clock.nowMs()) return;
      await this.#delivery.attempt(submissionId, this.#stopping.signal);
      if (hasRunOut(submission, clock.nowMs())) await this.#delivery.giveUp(submissionId);
    } catch (error) {
      log.error({ err: error, submissionId }, 'sending failed');
    }
    if (!this.#rounds.isStopped) this.#postpone(submission);
  }

  /** Unless it was made due meanwhile: the user decided about a key while the attempt was running. */
  #postpone({ submissionId, sendAtMs, nextAttemptAtMs }: SubmissionDocument): void {
    const { outbox, clock, log } = this.#options;
    try {
      outbox.records.change(parseSubmissionId(submissionId), (current) => (isFinished(current) || current.nextAttemptAtMs !== nextAttemptAtMs ? null : {
        ...current, attempts: current.attempts + 1, nextAttemptAtMs: Math.max(sendAtMs, clock.nowMs() + retryDelayMs(current.attempts + 1)),
      }));
    } catch (error) {
      log.error({ err: error, submissionId }, 'outbox could not be written');
    }
  }

  /** Until the next attempt is due. */
  #sleep(): void {
    const { outbox, clock, scheduler = systemScheduler } = this.#options;
    this.#cancelSleep();
    const dueAtMs = Math.min(...outbox.records.unfinished().map(({ nextAttemptAtMs }) => nextAttemptAtMs));
    if (this.#rounds.isStopped || !Number.isFinite(dueAtMs)) return;
    const delayMs = Math.min(Math.max(dueAtMs - clock.nowMs(), SHORTEST_SLEEP_MS), LONGEST_SLEEP_MS);
    this.#cancelSleep = scheduler.after(delayMs, () => void this.wake());
  }
}

function hasRunOut({ createdAtMs, sendAtMs }: SubmissionDocument, nowMs: number): boolean {
  return nowMs - Math.max(createdAtMs, sendAtMs) > GIVE_UP_AFTER_MS;
}
