import { pino, type Logger } from 'pino';

export type { Logger };

/** Logs go to standard error as JSON lines. They name accounts by id and never hold an address, a subject or a token. */
export function createLog(): Logger {
  return pino({ name: 'palomad', base: null, level: process.env['PALOMA_LOG_LEVEL'] ?? 'info' }, pino.destination(2));
}
