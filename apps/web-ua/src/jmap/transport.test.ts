import { expect, test } from '@jest/globals';
import { createAuthorizedHttp } from './http.js';
import { createTransport, splitIntoRequests, type JmapTransport } from './transport.js';

type Invocation = [string, Record<string, unknown>, string];

interface Wire {
  transport: JmapTransport;
  /** Method calls of each request, in order. */
  requests: Invocation[][];
  authorizations: (string | null)[];
  unauthorized: number;
}

/** A server of canned answers: the name of the method chooses what comes back. */
function wire(answerOf: (call: Invocation) => Invocation[] | Response, maxCallsInRequest = 16): Wire {
  const state: Wire = { requests: [], authorizations: [], unauthorized: 0, transport: undefined as unknown as JmapTransport };
  const http = createAuthorizedHttp('the-token', async (_url, init) => {
    const { methodCalls } = JSON.parse(String(init?.body)) as { methodCalls: Invocation[] };
    state.requests.push(methodCalls);
    state.authorizations.push(new Headers(init?.headers).get('Authorization'));
    const answers = methodCalls.map(answerOf);
    return answers.find((answer) => answer instanceof Response) ?? Response.json({ methodResponses: answers.flat() });
  });
  state.transport = createTransport({ http, apiUrl: '/jmap/api', accountId: 'A', maxCallsInRequest, onUnauthorized: () => { state.unauthorized++; } });
  return state;
}

const echo = ([name, args, callId]: Invocation): Invocation[] => [[name, args, callId]];

test('calls of one tick are one request with the token; the next tick is another', async () => {
  const { transport, requests, authorizations } = wire(echo);
  const [one, two] = await Promise.all([transport.call('Mailbox/get', { ids: null }).result, transport.call('Identity/get', {}).result]);
  await transport.call('Thread/get', {}).result;
  expect(requests.map((calls) => calls.map(([name]) => name))).toEqual([['Mailbox/get', 'Identity/get'], ['Thread/get']]);
  expect([one, two]).toEqual([{ accountId: 'A', ids: null }, { accountId: 'A' }]);
  expect(authorizations[0]).toBe('Bearer the-token');
});

test('a reference names the call, its method and the path', async () => {
  const { transport, requests } = wire(echo);
  const query = transport.call('Email/query', {});
  await transport.call('Email/get', { '#ids': query.reference('/ids') }).result;
  const [first, second] = requests[0] ?? [];
  expect(second?.[1]).toEqual({ accountId: 'A', '#ids': { resultOf: first?.[2], name: 'Email/query', path: '/ids' } });
});

test('a refused call fails alone, an implicit answer under its id is not taken for it', async () => {
  const { transport } = wire(([name, , callId]) => (name === 'Email/query' ? [['error', { type: 'unsupportedFilter' }, callId]]
    : [['Email/set', { implicit: true }, callId], ['EmailSubmission/set', { created: {} }, callId]]));
  const [query, submission] = await Promise.allSettled([transport.call('Email/query', {}).result, transport.call('EmailSubmission/set', {}).result]);
  expect(query).toMatchObject({ status: 'rejected', reason: { code: 'method', detail: 'unsupportedFilter' } });
  expect(submission).toMatchObject({ status: 'fulfilled', value: { created: {} } });
});

test.each([
  ['an ended session', () => new Response(null, { status: 401 }), 'unauthorized', 1],
  ['a server error', () => new Response(null, { status: 500 }), 'protocol', 0],
  ['an answer that is not JSON', () => new Response('<html>'), 'protocol', 0],
])('%s rejects every call of the request', async (_name, response, code, told) => {
  const state = wire(response);
  const results = await Promise.allSettled([state.transport.call('A/get', {}).result, state.transport.call('B/get', {}).result]);
  expect(results).toMatchObject([{ reason: { code } }, { reason: { code } }]);
  expect(state.unauthorized).toBe(told);
});

const call = (...keys: string[]) => ({ args: Object.fromEntries(keys.map((key) => [key, 0])) });

test.each([
  ['nothing', [], 2, []],
  ['as many as fit', [call('ids'), call('ids'), call('ids')], 2, [2, 1]],
  ['a chain stays together', [call('ids'), call('filter'), call('#ids'), call('#ids')], 3, [1, 3]],
  ['a chain over the limit is left to the server', [call('filter'), call('#ids'), call('#ids')], 2, [3]],
])('requests are cut: %s', (_name, calls, limit, sizes) => {
  expect(splitIntoRequests(calls, limit).map(({ length }) => length)).toEqual(sizes);
});
