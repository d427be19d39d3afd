import type { AccountContext } from '../account-context.js';
import type { Authenticate } from '../access.js';
import { ConcurrencyGate } from '../http/concurrency-gate.js';
import type { Exchange } from '../http/exchange.js';
import { BAD_REQUEST, limitPassed, sendProblem } from '../http/problem.js';
import type { JmapLimits } from '../limits.js';
import { EventStream } from './event-stream.js';
import { isPushedType, PUSHED_TYPES, type PushedType } from './pushed-types.js';

interface EventParameters {
  types: readonly PushedType[];
  closeAfterState: boolean;
  pingSeconds: number;
}

/** The longest ping interval granted, in seconds: ten minutes, under the idle time-outs of common proxies' upper end. */
const MAX_PING_SECONDS = 600;

/** `GET /jmap/events?types=&closeafter=&ping=`, RFC 8620 §7.3. */
export function eventsEndpoint({ limits }: { limits: JmapLimits }, authenticate: Authenticate): (exchange: Exchange) => Promise<void> {
  const gate = new ConcurrencyGate(limits.maxEventStreams);
  return async (exchange) => {
    const parameters = parseParameters(exchange.url.searchParams, limits);
    if (!parameters) return sendProblem(exchange.response, BAD_REQUEST);
    const leave = gate.enter(exchange.access.username);
    if (!leave) return sendProblem(exchange.response, limitPassed('maxEventStreams', 429));
    try {
      await openStream(exchange, parameters, authenticate);
    } finally {
      leave();
    }
  };
}

function openStream({ request, response, access, account, bearerToken }: Exchange, parameters: EventParameters, authenticate: Authenticate): Promise<void> {
  const accounts = new Map([...access.accounts.keys()].flatMap((accountId): [string, AccountContext][] => {
    const context = account(accountId);
    return context ? [[accountId, context]] : [];
  }));
  const isStillAllowed = async (): Promise<boolean> => {
    const current = await authenticate(bearerToken).catch(() => null);
    return current !== null && [...access.accounts].every(([accountId, { mailStore }]) => current.accounts.get(accountId)?.mailStore === mailStore);
  };
  const lastEventId = request.headers['last-event-id'];
  return new EventStream(response, { ...parameters, accounts, isStillAllowed }).run(typeof lastEventId === 'string' ? lastEventId : null);
}

/** All three are required, RFC 8620 §7.3. Types that we do not have are left out. */
function parseParameters(query: URLSearchParams, { minPingSeconds }: JmapLimits): EventParameters | null {
  const [types, closeAfter, ping] = [query.get('types'), query.get('closeafter'), query.get('ping')];
  if (types === null || (closeAfter !== 'state' && closeAfter !== 'no') || !/^\d{1,9}$/.test(ping ?? '')) return null;
  const wantedSeconds = Number(ping);
  return {
    types: types === '*' ? PUSHED_TYPES : types.split(',').filter(isPushedType),
    closeAfterState: closeAfter === 'state',
    pingSeconds: wantedSeconds === 0 ? 0 : Math.min(Math.max(wantedSeconds, minPingSeconds), MAX_PING_SECONDS),
  };
}
