import { JmapError } from '../jmap-error.js';
import { ConcurrencyGate } from '../http/concurrency-gate.js';
import type { Exchange } from '../http/exchange.js';
import { limitPassed, notJson, sendProblem, type Problem } from '../http/problem.js';
import { readBody } from '../http/read-body.js';
import { sendJson } from '../http/send-json.js';
import type { JsonObject } from '../json.js';
import { METHODS } from '../methods/index.js';
import type { ServerSettings } from '../server-settings.js';
import { sessionObject } from '../session/session-object.js';
import { parseRequest, type JmapRequest } from './envelope.js';
import { processRequest } from './process-request.js';

/** `POST /jmap/api`, RFC 8620 §3. */
export function apiEndpoint(settings: ServerSettings): (exchange: Exchange) => Promise<void> {
  const { limits } = settings;
  const gate = new ConcurrencyGate(limits.maxConcurrentRequests);
  return async (exchange) => {
    const leave = gate.enter(exchange.access.username);
    if (!leave) return sendProblem(exchange.response, limitPassed('maxConcurrentRequests', 429));
    try {
      const answer = await answerRequest(exchange, settings);
      if (answer.ok) sendJson(exchange.response, 200, answer.body);
      else sendProblem(exchange.response, answer.problem);
    } finally {
      leave();
    }
  };
}

type ApiAnswer = { ok: true; body: JsonObject } | { ok: false; problem: Problem };

async function answerRequest(exchange: Exchange, settings: ServerSettings): Promise<ApiAnswer> {
  const mediaType = (exchange.request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const body = await readBody(exchange.request, settings.limits.maxSizeRequest);
  if (mediaType !== 'application/json') return { ok: false, problem: notJson('the content type is not application/json') };
  if (!body) return { ok: false, problem: limitPassed('maxSizeRequest') };
  const parsed = parseRequest(body, settings.limits);
  return parsed.ok ? { ok: true, body: await run(parsed.request, exchange, settings) } : parsed;
}

function run(request: JmapRequest, { access, account }: Exchange, { limits, clock, random, baseUrl, reportBug }: ServerSettings): Promise<JsonObject> {
  return processRequest(request, {
    account(accountId) {
      const found = account(accountId);
      if (!found) throw new JmapError('accountNotFound');
      return found;
    },
    methods: METHODS,
    sessionState: sessionObject(access, limits, baseUrl).state,
    limits, clock, random, reportBug,
  });
}
