// Empties the queue in lanes. A lane attempts one claim after the other and closes when nothing is due; one that finds something opens the
// next, so there are as many as there is work for, up to a limit, and a slow host holds up its own lane alone. A lane opens when somebody
// adds a message, the next recipient is due, or the poll interval is over.

import { Inject, Injectable } from '@nestjs/common';
import { Pseudonyms } from '@paloma/provider-runtime';
import type { Clock, RandomSource } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION, OUTGOING_QUEUE, RANDOM } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import type { AttemptResult } from './attempt-result.js';
import { makeNotices } from './delivery-notice.js';
import { OutgoingDelivery } from './outgoing-delivery.js';
import type { Claim, ClaimOutcome, OutgoingQueue, Settlement } from './outgoing-queue.js';
import { planSettlement } from './settlement-plan.js';
import { SuppressionList } from './suppression-list.js';

/** A lease is renewed this often while its attempt goes on, so that one lost renewal does no harm. */
const RENEWALS_PER_LEASE = 3;
/** After this a queue that did not answer is asked again: PostgreSQL is back within seconds as a rule. */
const OUTAGE_PAUSE_MS = 1_000;
/** How long attempts may go on once the process is asked to stop; what is not done then comes back after its lease. */
const STOP_GRACE_MS = 5_000;

@Injectable()
export class OutgoingWorker {
  readonly #lanes = new Set<Promise<void>>();
  /** Woken while no further lane could open: whoever looked before may have looked too early. */
  #isWokenAgain = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | null = null;
  #endWatch: (() => Promise<void>) | null = null;
  /** What is attempted now, or not settled yet, and when its lease ends. */
  readonly #leaseEndsMs = new Map<Claim, number>();

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: RandomSource,
    @Inject(OUTGOING_QUEUE) private readonly queue: OutgoingQueue,
    private readonly delivery: OutgoingDelivery,
    private readonly suppressions: SuppressionList,
    private readonly pseudonyms: Pseudonyms,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    this.#endWatch = await this.queue.watch(() => this.#openLane());
    this.#openLane();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#endWatch?.();
    await Promise.race([this.#idle(), new Promise((resolve) => setTimeout(resolve, STOP_GRACE_MS).unref())]);
  }

  /** Attempts whatever is due now. Resolves when nothing is left, including what is added meanwhile. */
  drain(): Promise<void> {
    this.#openLane();
    return this.#idle();
  }

  async #idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes);
  }

  #openLane(): void {
    if (this.#isStopped) return;
    if (this.#lanes.size >= this.configuration.relay.attempts) {
      this.#isWokenAgain = true;
      return;
    }
    const lane = this.#runLane().finally(() => this.#closeLane(lane));
    this.#lanes.add(lane);
  }

  #closeLane(lane: Promise<void>): void {
    this.#lanes.delete(lane);
    if (!this.#isWokenAgain) return;
    this.#isWokenAgain = false;
    this.#openLane();
  }

  async #runLane(): Promise<void> {
    while (!this.#isStopped && (await this.#attemptNext())) continue;
    await this.#setAlarm();
  }

  /** False when nothing is due. */
  async #attemptNext(): Promise<boolean> {
    const outcome = await this.#insist(() => this.#claim());
    if (outcome === null) return false;
    if (outcome.kind !== 'nothingDue') this.#openLane();
    if (outcome.kind === 'claimed') await this.#attempt(outcome.claim);
    if (outcome.kind === 'unreadable') this.log.event('queued message cannot be opened', { messageId: outcome.messageId });
    return outcome.kind !== 'nothingDue';
  }

  /** What this process is busy with must not be claimed and sent again, though the clock may have jumped over the end of its lease: it is renewed first. */
  async #claim(): Promise<ClaimOutcome> {
    const nowMs = this.clock.nowMs();
    const ended = [...this.#leaseEndsMs].filter(([, endMs]) => endMs <= nowMs);
    await Promise.all(ended.map(([claim]) => this.#renew(claim)));
    const outcome = await this.queue.claim(nowMs, this.#leaseMs, this.configuration.relay.attemptsPerDomain);
    if (outcome.kind === 'claimed') this.#leaseEndsMs.set(outcome.claim, nowMs + this.#leaseMs);
    return outcome;
  }

  async #attempt(claim: Claim): Promise<void> {
    const renewing = setInterval(() => void this.#renew(claim).catch((error: unknown) => this.log.outage('outgoing queue', error)), this.#leaseMs / RENEWALS_PER_LEASE).unref();
    try {
      await this.#settle(claim, await this.delivery.attempt(claim));
    } catch (error) {
      this.log.bug(error);   // nothing is settled: it is tried again when its lease is over, and the others go on
    } finally {
      clearInterval(renewing);
      this.#leaseEndsMs.delete(claim);
    }
  }

  /** A lease is short, so that a killed process gives its recipients back soon; an attempt may last as long as the other side does. */
  async #renew(claim: Claim): Promise<void> {
    const endMs = this.clock.nowMs() + this.#leaseMs;
    await this.queue.renew(claim, endMs);
    if (this.#leaseEndsMs.has(claim)) this.#leaseEndsMs.set(claim, endMs);
  }

  /** Nothing is written when the lease was lost, or when we are stopped before the queue answers: then what was sent is sent again. */
  async #settle(claim: Claim, results: readonly AttemptResult[]): Promise<void> {
    const nowMs = this.clock.nowMs();
    const { settlements, notices } = planSettlement(claim, results, this.configuration.retry, nowMs, this.random);
    const noticed = makeNotices(claim, notices, this.configuration, nowMs, this.random);
    const isSettled = await this.#insist(() => this.queue.settle(claim, settlements, noticed, nowMs)) ?? false;
    if (isSettled) await this.suppressions.record(claim, results, nowMs).catch((error: unknown) => this.log.outage('suppression list', error));
    const count = (kind: Settlement['kind']): number => settlements.filter((settlement) => settlement.kind === kind).length;
    const delivered = results.filter(({ kind }) => kind === 'delivered').length;
    this.log.event('attempted', { messageId: claim.messageId, domain: this.pseudonyms.domain(claim.destination), delivered, deferred: count('retry'), failed: count('done') - delivered, isSettled });
  }

  /** Asks until the queue answers; null when we are stopped before. */
  async #insist<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        this.log.outage('outgoing queue', error);
        if (this.#isStopped) return null;
        await new Promise((resolve) => { setTimeout(resolve, OUTAGE_PAUSE_MS); });
      }
    }
  }

  get #leaseMs(): number {
    return this.configuration.retry.leaseSeconds * 1000;
  }

  async #setAlarm(): Promise<void> {
    const pollMs = this.configuration.retry.pollSeconds * 1000;
    const nextDueMs = await this.queue.nextDueMs(this.clock.nowMs(), this.configuration.relay.attemptsPerDomain).catch(() => null);
    const untilDueMs = nextDueMs === null ? pollMs : nextDueMs - this.clock.nowMs();
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => this.#openLane(), Math.min(pollMs, Math.max(0, untilDueMs)));
  }
}
