// JSON lines on stderr. What may be in them is decided here: routes as patterns, codes, counts and durations, and pseudonyms of the day for
// peers and accounts; never an address, a token, an id of the user's, a peer's IP (unless the operator wants it), nor the message of an
// error that we did not write.

import type { LoggerService } from '@nestjs/common';
import type { Request, Response } from 'express';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { Pseudonyms } from '@paloma/provider-runtime';
import type { AccountId } from '@paloma/shared-model';
import { peerOf } from '../http/peer.js';

export type LogFacts = Record<string, string | number | boolean>;

/** What a request moved. */
export interface MovedCounts {
  documentsUp?: number;
  documentsDown?: number;
  blobsUp?: number;
  blobsDown?: number;
  itemsDelivered?: number;
}

export interface RequestFacts extends MovedCounts {
  method: string;
  /** As a pattern; "none" where no route answers. */
  route: string;
  status: number;
  durationMs: number;
  isComplete: boolean;
}

/** What handlers know of a request, to be logged with it. */
export interface Noted extends MovedCounts {
  accountIds?: readonly AccountId[];
}

/** Hears of what is logged; "bug" is an event. */
export interface LogObserver {
  noteRequest(facts: RequestFacts): void;
  noteEvent(event: string, facts: LogFacts): void;
}

export class Log implements LoggerService {
  observer: LogObserver | null = null;
  readonly #pino: Logger;

  constructor(destination: DestinationStream = pino.destination(2)) {
    this.#pino = pino({ base: { program: 'provider-sync' } }, destination);
  }

  /** Notes an answer when it is finished. */
  watch(request: Request, response: Response, pseudonyms: Pseudonyms): void {
    const startedAtMs = performance.now();
    const peer = pseudonyms.peer(peerOf(request));
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAtMs);
      const { accountIds = [], ...moved } = notedOf(response);
      const facts = { method: request.method, route: routeOf(request), status: response.statusCode, durationMs, isComplete: response.writableFinished, ...moved };
      this.#pino.info({ ...facts, peer, ...(accountIds.length > 0 && { accounts: [...new Set(accountIds)].map((accountId) => pseudonyms.account(accountId)).join(' ') }) }, 'request');
      this.observer?.noteRequest(facts);
    });
  }

  /** An error nobody foresaw. The message may quote data: only kind, code and place are noted. */
  bug(error: unknown, request?: Request): void {
    const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')) : [];
    const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
    this.#pino.error({ bug: String(name), code: typeof code === 'string' ? code : undefined, frames, route: request && routeOf(request) }, 'bug');
    this.observer?.noteEvent('bug', {});
  }

  event(event: string, facts: LogFacts = {}): void {
    this.#pino.info(facts, event);
    this.observer?.noteEvent(event, facts);
  }

  log(): void {}   // Nest's tale of its modules and routes

  warn(message: unknown): void {
    this.#pino.warn({ nest: String(message) }, 'framework');
  }

  error(message: unknown): void {
    this.#pino.error({ nest: message instanceof Error ? message.name : 'error' }, 'framework');
  }
}

/** Adds to what is logged with the request. */
export function note(response: Response, noted: Noted): void {
  response.locals['noted'] = { ...notedOf(response), ...noted };
}

function notedOf(response: Response): Noted {
  return (response.locals as { noted?: Noted }).noted ?? {};
}

function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'none';
}
