// docs/protocol/control-api.md §1: what programs that run a daemon may ask.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseAccountId, parseMailAddress, type AccountId, type Redacted } from '@paloma/shared-model';
import { equalInConstantTime } from '@paloma/crypto/public';
import { z } from 'zod';
import type { AccountLifecycle } from '../accounts/account-lifecycle.js';
import type { AccountRegistry } from '../accounts/account-registry.js';
import { Quarantine } from '../incoming/quarantine.js';
import type { ImapDebugger } from '../debug/imap-debugger.js';
import { bearerToken } from './bearer.js';
import { streamImapDialogues } from './debug-stream.js';
import { HttpError } from './http-error.js';
import { readJson, sendJson } from './json-body.js';
import { KEY_ACTIONS } from './key-routes.js';
import { LIFECYCLE_ACTIONS, passphraseField as passphrase } from './lifecycle-routes.js';
import { MAIL_APP_PASSWORD_ACTIONS } from './mail-app-password-routes.js';
import { SUBMISSION_CERTIFICATE_ACTIONS } from './submission-certificate-routes.js';
import type { WebSessions } from './web-sessions.js';

const name = z.string().min(1).max(100);

const newAccount = z.strictObject({
  mode: z.enum(['signUp', 'signIn', 'recover']),
  providerUrl: z.url({ protocol: /^https?$/ }),
  address: z.string().max(254),
  passphrase,
  deviceName: name,
  name: z.string().max(200).default(''),
  inviteCode: z.string().max(200).optional(),
  recoveryCode: z.string().max(200).optional(),
});

export interface ControlContext {
  readonly registry: AccountRegistry;
  readonly lifecycle: AccountLifecycle;
  readonly sessions: WebSessions;
  readonly controlToken: Redacted<string>;
  readonly imapDebugger: ImapDebugger;
  readonly version: string;
  /** Ports the daemon listens on. */
  readonly ports: () => Record<string, number>;
  /** Address of the web UA, without a fragment. */
  readonly appUrl: () => string;
}

type Action = (context: ControlContext, accountId: AccountId, request: IncomingMessage, response: ServerResponse, member: string) => Promise<void>;

/** By method and the path behind the account's; `*` stands for one segment. */
const ACCOUNT_ACTIONS: Readonly<Record<string, Action>> = {
  ...MAIL_APP_PASSWORD_ACTIONS,
  ...KEY_ACTIONS,
  ...SUBMISSION_CERTIFICATE_ACTIONS,
  async 'POST unlock'({ registry }, accountId, request, response) {
    const body = await readJson(request, z.strictObject({ passphrase }));
    await registry.unlock(accountId, body.passphrase);
    sendJson(response, 204);
  },
  async 'POST lock'({ registry, sessions }, accountId, _request, response) {
    sessions.endSessionsOf(accountId);
    await registry.lock(accountId);
    sendJson(response, 204);
  },
  async 'POST sync'({ registry }, accountId, _request, response) {
    await registry.opened(accountId).settle();
    sendJson(response, 204);
  },
  async 'POST dismiss-alarms'({ registry }, accountId, _request, response) {
    registry.opened(accountId).dismissAlarms();
    sendJson(response, 204);
  },
  async 'POST accept-restored-provider'({ registry }, accountId, _request, response) {
    registry.opened(accountId).acceptRestoredProvider();
    sendJson(response, 204);
  },
  async 'POST start-afresh'({ registry }, accountId, _request, response) {
    registry.opened(accountId).startAfresh();
    sendJson(response, 204);
  },
  async 'GET quarantine'({ registry }, accountId, _request, response) {
    const items = new Quarantine(registry.opened(accountId).access.store).list();
    sendJson(response, 200, { items: items.map(({ incomingItemId, reason, sizeBytes, receivedAtMs, attempts }) => ({ incomingItemId, reason, sizeBytes, receivedAtMs, attempts })) });
  },
  async 'POST web-ticket'({ registry, sessions, appUrl }, accountId, _request, response) {
    registry.opened(accountId);
    sendJson(response, 201, { url: `${appUrl()}/#ticket=${sessions.issueTicket(accountId)}` });
  },
};

const ACCOUNT_PATH = /^\/control\/v1\/accounts\/([A-Za-z0-9_-]{22})\/([a-z-]+)(?:\/([A-Za-z0-9_-]{1,64}))?$/;

/** Answers a request below /control/v1. @throws {HttpError | DaemonError} */
export async function handleControl(context: ControlContext, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = bearerToken(request);
  if (token === null || !equalInConstantTime(token, context.controlToken.reveal())) throw new HttpError('unauthorized');
  if (request.method === 'GET' && path === '/control/v1/status') return sendJson(response, 200, statusOf(context));
  if (request.method === 'GET' && path === '/control/v1/debug/imap') return streamImapDialogues(context.imapDebugger, response);
  if (request.method === 'POST' && path === '/control/v1/accounts') return addAccount(context, request, response);
  const [, accountId, actionName = '', member] = ACCOUNT_PATH.exec(path) ?? [];
  if (!accountId) throw new HttpError('notFound');
  const name = `${request.method} ${actionName}${member ? '/*' : ''}`;
  const change = LIFECYCLE_ACTIONS[name];
  if (change) return change(context.lifecycle, parseAccountId(accountId), request, response, member ?? '');
  const action = ACCOUNT_ACTIONS[name];
  if (!action) throw new HttpError('notFound');
  await action(context, parseAccountId(accountId), request, response, member ?? '');
}

function statusOf({ registry, version, ports }: ControlContext): object {
  return { version, ports: ports(), accounts: registry.list() };
}

async function addAccount({ registry }: ControlContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readJson(request, newAccount);
  const accountId = await registry.add({ ...body, address: parseMailAddress(body.address) });
  sendJson(response, 201, { accountId });
}
