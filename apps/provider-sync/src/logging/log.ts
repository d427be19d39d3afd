// JSON lines on stderr. What may be in them is decided here: routes as patterns, codes, counts and durations; never an
// address, a token, an id of the user's, a peer's IP, nor the message of an error that we did not write.

import type { LoggerService } from '@nestjs/common';
import type { Request, Response } from 'express';
import { pino, type DestinationStream, type Logger } from 'pino';

export class Log implements LoggerService {
  readonly #pino: Logger;

  constructor(destination: DestinationStream = pino.destination(2)) {
    this.#pino = pino({ base: { program: 'provider-sync' } }, destination);
  }

  /** Notes an answer when it is finished. */
  watch(request: Request, response: Response): void {
    const startedAtMs = performance.now();
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAtMs);
      this.#pino.info({ method: request.method, route: routeOf(request), status: response.statusCode, durationMs, isComplete: response.writableFinished }, 'request');
    });
  }

  /** An error nobody foresaw. The message may quote data: only kind, code and place are noted. */
  bug(error: unknown, request?: Request): void {
    const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')) : [];
    const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
    this.#pino.error({ bug: String(name), code: typeof code === 'string' ? code : undefined, frames, route: request && routeOf(request) }, 'bug');
  }

  event(event: string, facts: Record<string, string | number | boolean> = {}): void {
    this.#pino.info(facts, event);
  }

  log(): void {}   // Nest's tale of its modules and routes

  warn(message: unknown): void {
    this.#pino.warn({ nest: String(message) }, 'framework');
  }

  error(message: unknown): void {
    this.#pino.error({ nest: message instanceof Error ? message.name : 'error' }, 'framework');
  }
}

function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'none';
}
