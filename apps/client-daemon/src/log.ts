// JSON lines on standard error. They name accounts by id and never hold an address, a subject or a token; of an error that we did
// not write only its kind, code and place are noted, because its message may quote what it was about.

import { pino, type Logger } from 'pino';

export type { Logger };

export function createLog(): Logger {
  return pino({ base: { program: 'palomad' }, level: process.env['PALOMA_LOG_LEVEL'] ?? 'info', serializers: { err: describeError } }, pino.destination(2));
}

/** Kind, code, and the frames of the stack without the message above them; the same of its cause. */
export function describeError(error: unknown): object {
  const { name, code, cause } = (error ?? {}) as { name?: unknown; code?: unknown; cause?: unknown };
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')).map((line) => line.trim()) : [];
  return { name: String(name), ...(typeof code === 'string' && { code }), frames, ...(cause !== undefined && { cause: describeError(cause) }) };
}
