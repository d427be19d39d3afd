// JSON lines on stderr. What may be in them is decided here: listeners, reply codes, counts, sizes and durations, ids of queued messages, and
// pseudonyms of the day for peers, accounts and domains; never an address, a domain of a correspondent, a peer's IP (unless the operator
// wants it), a token, nor the message of an error that we did not write.

import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';

export type LogFacts = Record<string, string | number | boolean>;

export class Log implements LoggerService {
  /** Hears of every event, "outage" and "bug" among them. */
  observer: ((event: string, facts: LogFacts) => void) | null = null;
  readonly #pino: Logger;

  constructor(destination: DestinationStream = pino.destination(2)) {
    this.#pino = pino({ base: { program: 'provider-mx' } }, destination);
  }

  event(event: string, facts: LogFacts = {}): void {
    this.#pino.info(facts, event);
    this.observer?.(event, facts);
  }

  /** Something outside does not work; it is tried again. */
  outage(what: string, error: unknown): void {
    this.#pino.warn({ what, code: codeOf(error) }, 'outage');
    this.observer?.('outage', { what });
  }

  /** An error nobody foresaw. The message may quote data: only kind, code and place are noted. */
  bug(error: unknown): void {
    const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')) : [];
    this.#pino.error({ bug: error instanceof Error ? error.name : typeof error, code: codeOf(error), frames }, 'bug');
    this.observer?.('bug', {});
  }

  log(): void {}   // Nest's tale of its modules

  warn(message: unknown): void {
    this.#pino.warn({ nest: String(message) }, 'framework');
  }

  error(): void {}   // what Nest tells here it also throws
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
