// docs/protocol/control-api.md §2: how the web UA gets its token.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Redacted, parseMailAddress } from '@paloma/shared-model';
import { z } from 'zod';
import type { AccountRegistry } from '../accounts/account-registry.js';
import { bearerToken } from './bearer.js';
import { HttpError } from './http-error.js';
import { readJson, sendJson } from './json-body.js';
import type { WebSessions } from './web-sessions.js';

const ticketBody = z.strictObject({ ticket: z.string().max(100) });
const signInBody = z.strictObject({ address: z.string().max(254), passphrase: z.string().min(1).max(1024).transform((text) => new Redacted(text)) });

export interface SignInContext {
  readonly registry: AccountRegistry;
  readonly sessions: WebSessions;
}

/** Answers a request below /auth. @throws {HttpError | DaemonError} */
export async function handleSignIn(context: SignInContext, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (`${request.method} ${path}`) {
    case 'POST /auth/ticket': return redeemTicket(context, request, response);
    case 'POST /auth/sign-in': return signIn(context, request, response);
    case 'DELETE /auth/session': return signOut(context, request, response);
    default: throw new HttpError('notFound');
  }
}

async function redeemTicket({ sessions }: SignInContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { ticket } = await readJson(request, ticketBody);
  const grant = sessions.redeemTicket(ticket);
  if (!grant) throw new HttpError('unauthorized', 'This link was used already or is too old; sign in with your passphrase.');
  sendJson(response, 200, grant);
}

async function signIn({ registry, sessions }: SignInContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { address, passphrase } = await readJson(request, signInBody);
  const accountId = registry.find(parseMailAddress(address));
  if (!accountId) throw new HttpError('wrongPassphrase', 'Address or passphrase is wrong.');
  await registry.unlock(accountId, passphrase);
  sendJson(response, 200, { token: sessions.openSession(accountId), accountId });
}

function signOut({ sessions }: SignInContext, request: IncomingMessage, response: ServerResponse): void {
  const token = bearerToken(request);
  if (token === null) throw new HttpError('unauthorized');
  sessions.endSession(token);
  sendJson(response, 204);
}
