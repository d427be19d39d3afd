// What the provider tells by itself, as server-sent events over one long request (docs/protocol/sync.md §7). The connection is
// open while somebody listens; cut off, it comes back with back-off. The first event after connecting tells where the log
// stands, so nothing is missed that happened in between.

import type { RandomSource } from '@paloma/shared-model';
import { decodeEvents, usersPaths, ProtocolError, type SyncEvent } from '@paloma/sync-protocol';
import type { Scheduler } from '../scheduler.js';
import { StoreError } from '../store-error.js';
import { BackOff } from './back-off.js';
import type { ProviderConnection } from './provider-connection.js';
import type { ProviderEvents } from './sync-transport.js';

export interface EventStreamParts {
  /** With a session. */
  readonly connection: ProviderConnection;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
}

export class EventStream implements ProviderEvents {
  readonly #backOff: BackOff;
  readonly #listeners = new Set<(event: SyncEvent) => void>();
  /** The last event of each name on this connection, for those who come later. */
  readonly #latest = new Map<SyncEvent['event'], SyncEvent>();
  /** The connection or the wait before the next; null while nobody listens. */
  #ending: AbortController | null = null;

  constructor(private readonly parts: EventStreamParts) {
    this.#backOff = new BackOff(parts.random);
  }

  subscribe(listener: (event: SyncEvent) => void): () => void {
    const own = (event: SyncEvent): void => listener(event);
    this.#listeners.add(own);
    for (const event of this.#latest.values()) own(event);
    this.#open();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#close();
    };
  }

  #open(): void {
    if (this.#ending) return;
    this.#ending = new AbortController();
    void this.#connect(this.#ending.signal);
  }

  #close(): void {
    this.#ending?.abort();
    this.#ending = null;
    this.#latest.clear();
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const retryAfterMs = await this.#listen(signal);
    if (signal.aborted) return;
    const cancel = this.parts.scheduler.after(this.#backOff.next(retryAfterMs), () => void this.#connect(signal));
    signal.addEventListener('abort', cancel, { once: true });
  }

  /** Until the connection ends, for whatever reason. What the provider wants to be waited for, in milliseconds. */
  async #listen(signal: AbortSignal): Promise<number | null> {
    try {
      const answer = await this.parts.connection.send({ method: 'GET', path: usersPaths.events, headers: { accept: 'text/event-stream' }, signal });
      for await (const event of decodeEvents(answer.body)) {
        if (signal.aborted) return null;
        this.#backOff.reset();
        this.#latest.set(event.event, event);
        for (const listener of this.#listeners) listener(event);
      }
      return null;
    } catch (error) {
      if (error instanceof StoreError) return error.retryAfterMs;
      if (error instanceof ProtocolError || signal.aborted || isBrokenBody(error)) return null;
      throw error;
    }
  }
}

/** Undici's and Node's own errors carry a code; ours and programming errors do not reach here with one. */
function isBrokenBody(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}
