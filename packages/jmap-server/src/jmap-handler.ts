// The paths of this server and who may use them. It owns no socket: the daemon mounts it in its HTTP server, which also
// refuses foreign hosts and origins (docs/protocol/control-api.md).

import { MailStoreError } from '@paloma/mail-store/port';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access, Authenticate } from './access.js';
import { AccountContexts } from './account-context.js';
import { downloadEndpoint } from './blob/download-endpoint.js';
import { uploadEndpoint } from './blob/upload-endpoint.js';
import { bearerTokenOf } from './http/bearer-token.js';
import type { Exchange } from './http/exchange.js';
import { INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, sendProblem, UNAUTHORIZED, UNAVAILABLE } from './http/problem.js';
import { sendJson } from './http/send-json.js';
import { DEFAULT_JMAP_LIMITS, type JmapLimits } from './limits.js';
import { eventsEndpoint } from './push/events-endpoint.js';
import { apiEndpoint } from './request/api-endpoint.js';
import type { ServerSettings } from './server-settings.js';
import { sessionObject } from './session/session-object.js';

export interface JmapHandlerOptions extends Omit<ServerSettings, 'limits' | 'reportBug'> {
  readonly authenticate: Authenticate;
  readonly limits?: Partial<JmapLimits>;
  readonly reportBug?: (error: unknown) => void;
}

/** Answers a request and resolves when the answer has been handed over; `false`: the path is not one of JMAP's, nothing was done. */
export type JmapHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

interface Endpoint {
  readonly httpMethod: 'GET' | 'POST';
  /** How many path segments follow the endpoint's name. */
  readonly argumentCount: number;
  answer(exchange: Exchange): Promise<void>;
}

export function createJmapHandler(options: JmapHandlerOptions): JmapHandler {
  const settings: ServerSettings = { ...options, limits: { ...DEFAULT_JMAP_LIMITS, ...options.limits }, reportBug: options.reportBug ?? (() => undefined) };
  const server = { settings, authenticate: options.authenticate, endpoints: endpointsOf(settings, options.authenticate), contexts: new AccountContexts(settings) };
  return async (request, response) => {
    const path = pathOf(request);
    if (path === '/.well-known/jmap') return redirect(response);
    if (path !== '/jmap' && !path.startsWith('/jmap/')) return false;
    await answerGuarded(server, request, response);
    return true;
  };
}

interface JmapServer {
  readonly settings: ServerSettings;
  readonly authenticate: Authenticate;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly contexts: AccountContexts;
}

function endpointsOf(settings: ServerSettings, authenticate: Authenticate): ReadonlyMap<string, Endpoint> {
  const session = async ({ access, response }: Exchange): Promise<void> => sendJson(response, 200, sessionObject(access, settings.limits, settings.baseUrl));
  return new Map<string, Endpoint>([
    ['session', { httpMethod: 'GET', argumentCount: 0, answer: session }],
    ['api', { httpMethod: 'POST', argumentCount: 0, answer: apiEndpoint(settings) }],
    ['upload', { httpMethod: 'POST', argumentCount: 1, answer: uploadEndpoint(settings) }],
    ['download', { httpMethod: 'GET', argumentCount: 3, answer: downloadEndpoint }],
    ['events', { httpMethod: 'GET', argumentCount: 0, answer: eventsEndpoint(settings, authenticate) }],
  ]);
}

/** The one catch of every request. */
async function answerGuarded(server: JmapServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await answerRequest(server, request, response);
  } catch (error) {
    const isExpected = error instanceof MailStoreError && error.code !== 'internal';
    if (!isExpected && !request.destroyed) server.settings.reportBug(error);
    if (response.headersSent) response.destroy();
    else sendProblem(response, isExpected ? UNAVAILABLE : INTERNAL);
  }
}

async function answerRequest({ authenticate, endpoints, contexts }: JmapServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bearerToken = bearerTokenOf(request);
  const access = bearerToken === null ? null : await authenticate(bearerToken);
  if (bearerToken === null || !access) return sendProblem(response, UNAUTHORIZED);
  const segments = pathSegments(pathOf(request));
  const [name = '', ...pathArguments] = segments ?? [];
  const endpoint = endpoints.get(name);
  if (!endpoint || pathArguments.length !== endpoint.argumentCount) return sendProblem(response, NOT_FOUND);
  if (request.method !== endpoint.httpMethod) return refuseMethod(response, endpoint.httpMethod);
  const url = new URL(request.url ?? '/', 'http://localhost');
  await endpoint.answer({ request, response, url, pathArguments, access, bearerToken, account: (accountId) => contextOf(access, accountId, contexts) });
}

function contextOf(access: Access, accountId: string, contexts: AccountContexts): ReturnType<Exchange['account']> {
  for (const [id, account] of access.accounts) if (id === accountId) return contexts.of(account);
  return null;
}

/** Not through `URL`, which would take `..` segments away. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

/** Segments after `/jmap/`; `null` when one is not well percent-encoded. A slash at the end counts for nothing. */
function pathSegments(path: string): string[] | null {
  try {
    return path.replace(/\/$/, '').split('/').slice(2).map(decodeURIComponent);
  } catch {
    return null;
  }
}

function refuseMethod(response: ServerResponse, allowed: string): void {
  response.setHeader('Allow', allowed);
  sendProblem(response, METHOD_NOT_ALLOWED);
}

/** RFC 8620 §2.2. */
function redirect(response: ServerResponse): true {
  response.writeHead(307, { Location: '/jmap/session', 'Cache-Control': 'no-store' }).end();
  return true;
}
