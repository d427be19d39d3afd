// The open event connections of this process. Each starts with the present state, is kept by a comment every 25 s, ends
// with its session, and is cut when its client does not read.

import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Response } from 'express';
import type { AccountId } from '@paloma/shared-model';
import { EVENT_STREAM_COMMENT, formatEvent, type SyncEvent } from '@paloma/sync-protocol';
import { DocumentLog } from '../documents/document-log.js';
import { IncomingBox } from '../incoming/incoming-box.js';
import { Metrics } from '../metrics/metrics.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { SessionService } from '../sessions/session.service.js';
import { WireError } from '../wire-error.js';
import { EventHub } from './event-hub.js';

/** docs/protocol/sync.md §7; below the minute after which proxies give up on a silent connection. */
const KEEP_ALIVE_MS = 25_000;
/** Connections of one account in one process: one for each device, and some that have not noticed their end. */
const MAX_CONNECTIONS_PER_ACCOUNT = 64;
/** A client this far behind is not reading. */
const MAX_UNREAD_BYTES = 64 * 1024;

@Injectable()
export class EventConnections implements OnModuleDestroy {
  readonly #open = new Map<AccountId, Set<Response>>();

  constructor(
    private readonly hub: EventHub,
    private readonly documents: DocumentLog,
    private readonly incoming: IncomingBox,
    private readonly sessions: SessionService,
    private readonly metrics: Metrics,
  ) {}

  /** Resolves when the first events are written; the connection stays. @throws {WireError} "rateLimited" */
  async accept(session: StoredSession, response: Response): Promise<void> {
    if (response.destroyed) return;   // gone while its session was looked up: its "close" was told already
    const { accountId } = session;
    const siblings = this.#open.get(accountId) ?? new Set();
    if (siblings.size >= MAX_CONNECTIONS_PER_ACCOUNT) throw new WireError('rateLimited', 'too many event connections');
    this.#open.set(accountId, siblings.add(response));
    this.metrics.eventConnections.inc();
    const write = (event: SyncEvent): void => {
      send(response, formatEvent(event));
      if (event.event === 'devices') void this.#endUnlessAlive(session, response);
    };
    const writePresent = async (): Promise<void> => (await this.#presentState(accountId)).forEach(write);
    const unsubscribe = this.hub.subscribe(accountId, { onEvent: write, onGap: () => void writePresent().catch(() => response.destroy()) });
    const keepAlive = setInterval(() => void this.#keepAlive(session, response), KEEP_ALIVE_MS);
    response.once('close', () => {
      clearInterval(keepAlive);
      unsubscribe();
      siblings.delete(response);
      this.metrics.eventConnections.dec();
      if (siblings.size === 0) this.#open.delete(accountId);
    });
    response.status(200).set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).flushHeaders();
    await writePresent();
  }

  onModuleDestroy(): void {
    for (const connections of this.#open.values()) for (const response of connections) response.end();
  }

  async #presentState(accountId: AccountId): Promise<SyncEvent[]> {
    const [{ generation, transactionId }, pending] = await Promise.all([this.documents.head(accountId), this.incoming.countWaiting(accountId)]);
    return [{ event: 'generation', data: { generation, transactionId, source: null } }, { event: 'incoming', data: { pending } }];
  }

  async #keepAlive(session: StoredSession, response: Response): Promise<void> {
    if (await this.#endUnlessAlive(session, response)) send(response, EVENT_STREAM_COMMENT);
  }

  async #endUnlessAlive(session: StoredSession, response: Response): Promise<boolean> {
    const isAlive = await this.sessions.isAlive(session).catch(() => true);   // an outage of the database ends no session
    if (!isAlive) response.end();
    return isAlive;
  }
}

function send(response: Response, text: string): void {
  if (response.writableEnded) return;
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  else response.write(text);
}
