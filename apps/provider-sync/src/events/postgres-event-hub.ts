// LISTEN on a connection of its own. While that connection is away notifications are lost, so everybody who listens is told
// of the gap when it is back.

import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import type { AccountId } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import { EVENT_CHANNEL, type Announcement } from './announce.js';
import { EventHub, type EventListener } from './event-hub.js';

const RECONNECT_MS = 1000;
/** The connection is silent by nature; the system's own probes begin after two hours, and till then a broken one looks whole. */
const KEEP_ALIVE_MS = 60_000;

@Injectable()
export class PostgresEventHub extends EventHub implements OnModuleInit, OnModuleDestroy {
  readonly #listeners = new Map<AccountId, Set<EventListener>>();
  #client: pg.Client | null = null;
  #reconnection: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration, private readonly log: Log) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await this.#connect();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    if (this.#reconnection) clearTimeout(this.#reconnection);
    await this.#client?.end();
  }

  subscribe(accountId: AccountId, listener: EventListener): () => void {
    const listeners = this.#listeners.get(accountId) ?? new Set();
    this.#listeners.set(accountId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(accountId) === listeners) this.#listeners.delete(accountId);
    };
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.configuration.databaseUrl, application_name: 'paloma-provider-sync events', keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS });
    client.on('notification', ({ payload }) => this.#dispatch(payload));
    client.on('error', () => undefined);   // "end" follows
    client.once('end', () => this.#reconnectLater());
    try {
      await client.connect();
      await client.query(`LISTEN ${EVENT_CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => undefined);   // one that does not listen would go on beside the next one
      throw error;
    }
    this.#client = client;
    if (this.#isClosed) await client.end();
  }

  #reconnectLater(): void {
    if (this.#isClosed || this.#reconnection) return;
    this.log.event('event connection lost');
    this.#reconnection = setTimeout(() => void this.#reconnect(), RECONNECT_MS);
  }

  async #reconnect(): Promise<void> {
    this.#reconnection = null;
    try {
      await this.#connect();
      for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.onGap();
    } catch {
      this.#reconnectLater();
    }
  }

  #dispatch(payload: string | undefined): void {
    const { accountId, event } = JSON.parse(payload ?? '') as Announcement;   // written by announce.ts
    for (const listener of this.#listeners.get(accountId) ?? []) listener.onEvent(event);
  }
}
