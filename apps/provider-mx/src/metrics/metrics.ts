// Numbers for Prometheus. What is counted is what the log tells, so that the two cannot differ, and nothing reaches a label that may not stand in
// the log: codes of ours, never an address or a domain.

import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { LogFacts } from '../logging/log.js';
import { ByteBudget } from '../smtp/byte-budget.js';

interface QueueState {
  waiting: number;
  held: number;
  oldestAcceptedAtMs: number | null;
}

@Injectable()
export class Metrics {
  readonly #registry = new Registry();
  readonly #received = this.#counter('received_messages_total', 'Messages from outside that were taken or refused after DATA');
  readonly #submitted = this.#counter('submitted_messages_total', 'Messages that users handed in');
  readonly #refusals = this.#counter('refusals_total', 'Commands and messages refused, by our code', ['code']);
  readonly #attempts = this.#counter('delivery_results_total', 'Results of attempts to deliver, by recipient', ['result']);
  readonly #outages = this.#counter('outages_total', 'What others did not answer', ['what']);
  readonly #bugs = this.#counter('bugs_total', 'Errors that nobody foresaw');
  readonly #queue = this.#gauge('queue_recipients', 'Recipients in the outgoing queue', ['state']);
  readonly #oldest = this.#gauge('queue_oldest_accepted_timestamp_seconds', 'When the oldest message of the queue was accepted; 0 when it is empty');
  readonly #inFlight = this.#gauge('bytes_in_flight', 'Octets of messages in memory');

  constructor(private readonly dataSource: DataSource, private readonly budget: ByteBudget) {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** For `Log.observer`. */
  note(event: string, facts: LogFacts): void {
    switch (event) {
      case 'received': return this.#received.inc();
      case 'submitted': return this.#submitted.inc();
      case 'refused': return this.#refusals.inc({ code: String(facts['code']) });
      case 'attempted': return this.#noteAttempt(facts);
      case 'outage': return this.#outages.inc({ what: String(facts['what']) });
      case 'bug': return this.#bugs.inc();
    }
  }

  /** The text that Prometheus reads. Rejects while the database is away. */
  async collect(): Promise<{ contentType: string; text: string }> {
    const { waiting, held, oldestAcceptedAtMs } = await this.#queueState();
    this.#queue.set({ state: 'waiting' }, waiting);
    this.#queue.set({ state: 'held' }, held);
    this.#oldest.set((oldestAcceptedAtMs ?? 0) / 1000);
    this.#inFlight.set(this.budget.usedBytes);
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #noteAttempt(facts: LogFacts): void {
    for (const result of ['delivered', 'deferred', 'failed']) this.#attempts.inc({ result }, Number(facts[result] ?? 0));
  }

  async #queueState(): Promise<QueueState> {
    const [state] = await this.dataSource.query<QueueState[]>(`
      SELECT count(*) FILTER (WHERE NOT is_held)::int4 AS waiting, count(*) FILTER (WHERE is_held)::int4 AS held, min(accepted_at_ms) AS "oldestAcceptedAtMs"
      FROM provider_mx.outgoing_recipient JOIN provider_mx.outgoing_message USING (message_id)`);
    return state ?? { waiting: 0, held: 0, oldestAcceptedAtMs: null };
  }

  #counter<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name: `paloma_mx_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #gauge<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ name: `paloma_mx_${name}`, help, labelNames, registers: [this.#registry] });
  }
}
