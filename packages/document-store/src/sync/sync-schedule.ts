// When to sync, without polling: at once after local commits and on news of the provider, again with back-off after a failure
// that may pass, and every 15 minutes as the safety net of docs/protocol/sync.md §7.

import type { Generation, RandomSource } from '@paloma/shared-model';
import type { SyncEvent } from '@paloma/sync-protocol';
import type { DocumentChange, DocumentStore } from '../document-store.js';
import { BackOff } from '../provider/back-off.js';
import type { ProviderEvents } from '../provider/sync-transport.js';
import type { Scheduler } from '../scheduler.js';
import type { SyncReport } from './sync-report.js';

export const SAFETY_NET_MS = 15 * 60_000;

export interface SyncScheduleParts {
  readonly store: Pick<DocumentStore, 'replicaUid' | 'subscribe'>;
  readonly events?: ProviderEvents;
  readonly random: RandomSource;
  readonly scheduler: Scheduler;
  sync(): Promise<SyncReport>;
  /** Whether the provider's log is longer than what this replica has seen. */
  isNews(head: Generation): boolean;
}

export class SyncSchedule {
  readonly #backOff: BackOff;
  #endings: (() => void)[] = [];
  #cancelTimer: () => void = () => {};
  #isRequested = false;
  #isRunning = false;
  #isBackingOff = false;

  constructor(private readonly parts: SyncScheduleParts) {
    this.#backOff = new BackOff(parts.random);
  }

  start(): void {
    if (this.#endings.length > 0) return;
    this.#endings.push(this.parts.store.subscribe((changes) => this.#onCommit(changes)));
    this.#request();
    if (this.parts.events) this.#endings.push(this.parts.events.subscribe((event) => this.#onEvent(event)));
  }

  stop(): void {
    for (const end of this.#endings.splice(0)) end();
    this.#cancelTimer();
  }

  /** While the provider is not to be asked, what was committed waits for the next attempt. */
  #onCommit(changes: readonly DocumentChange[]): void {
    if (!this.#isBackingOff && changes.some(({ origin }) => origin === 'local')) this.#request();
  }

  #onEvent(event: SyncEvent): void {
    if (event.event !== 'generation' || event.data.source === this.parts.store.replicaUid) return;
    if (this.parts.isNews(event.data.generation)) this.#request();
  }

  /** Commits of one turn of the event loop share one sync; those made while it runs share the next. */
  #request(): void {
    if (this.#isRequested) return;
    this.#isRequested = true;
    if (!this.#isRunning) setImmediate(() => void this.#runWhileRequested());
  }

  async #runWhileRequested(): Promise<void> {
    this.#isRunning = true;
    this.#cancelTimer();
    let report: SyncReport | null = null;
    try {
      while (this.#isRequested && !report?.failure && this.#endings.length > 0) {
        this.#isRequested = false;
        report = await this.parts.sync();
      }
    } finally {
      this.#isRunning = false;
    }
    this.#waitAfter(report);
  }

  #waitAfter(report: SyncReport | null): void {
    if (this.#endings.length === 0) return;
    const mayPass = report?.failure?.retryable ?? (report?.unresolved ?? 0) > 0;
    if (!mayPass) this.#backOff.reset();
    this.#isBackingOff = mayPass;
    const delayMs = mayPass ? this.#backOff.next(report?.failure?.retryAfterMs) : SAFETY_NET_MS;
    this.#isRequested = false;
    this.#cancelTimer = this.parts.scheduler.after(delayMs, () => this.#request());
  }
}
