// Between smtp-server's callbacks and our outcomes.

import type { SMTPServerAddress } from 'smtp-server';
import type { Refusal } from '../hooks/refusal.js';
import { accepted, refused, type Outcome } from '../session/outcome.js';
import type { Parameters } from '../session/session.js';

/** The reply when something broke that nobody foresaw: try later. */
export const failure: Outcome = refused(451, '4.3.0 try again later');

type HandlerCallback = (error?: Error | null, text?: unknown) => void;

/** Calls a handler of the program's own; an error with `responseCode` is its refusal. */
export function outcomeOfCallback(call: (callback: HandlerCallback) => void): Promise<Outcome> {
  return new Promise((resolve) => call((error, text) => {
    const { responseCode = 550 } = (error ?? {}) as { responseCode?: number };
    resolve(error ? refused(responseCode, error.message) : accepted(typeof text === 'string' ? text : undefined));
  }));
}

export function refusalError({ code, text }: Refusal): Error {
  return Object.assign(new Error([text].flat().join(' ')), { responseCode: code });
}

/** ESMTP parameters as plugins expect them. */
export function parametersOf({ args }: SMTPServerAddress): Parameters {
  return Object.fromEntries(Object.entries(args || {}).map(([name, value]) => [name, value === true ? null : value]));
}
