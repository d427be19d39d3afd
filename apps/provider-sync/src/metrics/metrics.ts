// Numbers for Prometheus. Requests are counted as the log notes them, so that the two cannot differ; no label says whose anything is.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { poolState } from '@paloma/provider-runtime';
import { usersPaths } from '@paloma/sync-protocol';
import type { LogFacts, RequestFacts } from '../logging/log.js';

/** Seconds. Most answers take a few milliseconds; a blob over a slow line takes minutes. */
const DURATION_BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300];

interface StoredState {
  accounts: number;
  waiting: number;
  oldestReceivedAtMs: number | null;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = this.#counter('requests_total', 'Requests, by route as a pattern', ['method', 'route', 'status']);
  readonly #durations = new Histogram({
    name: 'paloma_sync_request_duration_seconds', help: 'From the request to the end of its answer; without event connections', labelNames: ['route'], buckets: DURATION_BUCKETS, registers: [this.#registry],
  });
  readonly #documents = this.#counter('documents_total', 'Documents pushed (up) and pulled (down)', ['direction']);
  readonly #blobs = this.#counter('blobs_total', 'Blobs put (up) and read (down)', ['direction']);
  readonly #delivered = this.#counter('delivered_items_total', 'Messages that provider-mx handed in, repeated ones included');
  readonly #bugs = this.#counter('bugs_total', 'Errors that nobody foresaw');
  readonly #eventConnectionsLost = this.#counter('notification_outages_total', 'How often the connection broke that hears of other processes');
  readonly #removed = this.#counter('compacted_total', 'What compaction removed', ['what']);
  readonly #compactedAt = this.#gauge('compaction_finished_timestamp_seconds', 'When this process last ended a compaction; 0 before the first');
  readonly #isDatabaseUp = this.#gauge('database_up', '1 while PostgreSQL answers');
  readonly #pool = this.#gauge('database_connections', 'Connections of the pool, and requests that wait for one', ['state']);
  readonly #accounts = this.#gauge('accounts', 'Accounts of the provider');
  readonly #waiting = this.#gauge('incoming_items', 'Incoming items that no device has taken yet');
  readonly #oldest = this.#gauge('incoming_oldest_received_timestamp_seconds', 'When the oldest of them came; 0 when there is none');
  /** Of this process. */
  readonly eventConnections = this.#gauge('event_connections', 'Open event connections');

  constructor(private readonly dataSource: DataSource) {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** For `Log.observer`. */
  noteRequest({ method, route, status, durationMs, ...moved }: RequestFacts): void {
    this.#requests.inc({ method, route, status });
    if (route !== usersPaths.events) this.#durations.observe({ route }, durationMs / 1000);
    this.#documents.inc({ direction: 'up' }, moved.documentsUp ?? 0);
    this.#documents.inc({ direction: 'down' }, moved.documentsDown ?? 0);
    this.#blobs.inc({ direction: 'up' }, moved.blobsUp ?? 0);
    this.#blobs.inc({ direction: 'down' }, moved.blobsDown ?? 0);
    this.#delivered.inc(moved.itemsDelivered ?? 0);
  }

  /** For `Log.observer`. */
  noteEvent(event: string, facts: LogFacts): void {
    switch (event) {
      case 'bug': return this.#bugs.inc();
      case 'event connection lost': return this.#eventConnectionsLost.inc();
      case 'compacted': return this.#noteCompaction(facts);
    }
  }

  /** The text that Prometheus reads. What only PostgreSQL knows is left out while it is away. */
  async collect(): Promise<{ contentType: string; text: string }> {
    for (const [state, connections] of Object.entries(poolState(this.dataSource))) this.#pool.set({ state }, connections);
    const stored = await this.#storedState().catch(() => null);
    this.#isDatabaseUp.set(stored === null ? 0 : 1);
    for (const gauge of [this.#accounts, this.#waiting, this.#oldest]) gauge.remove();
    if (stored !== null) {
      this.#accounts.set(stored.accounts);
      this.#waiting.set(stored.waiting);
      this.#oldest.set((stored.oldestReceivedAtMs ?? 0) / 1000);
    }
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #noteCompaction({ tombstones, heads }: LogFacts): void {
    this.#removed.inc({ what: 'tombstones' }, Number(tombstones));
    this.#removed.inc({ what: 'heads' }, Number(heads));
    this.#compactedAt.setToCurrentTime();
  }

  async #storedState(): Promise<StoredState | null> {
    const [state] = await this.dataSource.query<StoredState[]>(`
      SELECT (SELECT count(*) FROM account)::int4 AS accounts, count(*)::int4 AS waiting, min(received_at_ms) AS "oldestReceivedAtMs"
      FROM incoming_item WHERE taken_at_ms IS NULL`);
    return state ?? null;
  }

  #counter<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name: `paloma_sync_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #gauge<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ name: `paloma_sync_${name}`, help, labelNames, registers: [this.#registry] });
  }
}
