import { expect, test } from '@jest/globals';
import { createAuthorizedHttp } from './http.js';
import { listenForPush } from './push.js';

const stream = (text: string): Response => new Response(new Blob([text]).stream(), { headers: { 'Content-Type': 'text/event-stream' } });
const stateEvent = (state: string): string => `event: state\ndata: ${JSON.stringify({ '@type': 'StateChange', changed: { A: { Email: state }, other: { Email: 'x' } } })}\n\n`;

/** Listens over canned connections until the token is refused, which is how each test ends. */
function listen(connections: (() => Response)[]): Promise<{ log: string[]; urls: string[]; waits: number[] }> {
  const record = { log: [] as string[], urls: [] as string[], waits: [] as number[] };
  const http = createAuthorizedHttp('token', async (url) => {
    record.urls.push(url);
    const next = connections.shift();
    return next ? next() : new Response(null, { status: 401 });
  });
  return new Promise((resolve) => {
    listenForPush({
      http, eventSourceUrl: '/events?types={types}&closeafter={closeafter}&ping={ping}', accountId: 'A', types: ['Email', 'SyncStatus'],
      wait: async (milliseconds) => { record.waits.push(milliseconds); },
      listener: {
        onConnect: () => record.log.push('connect'), onDisconnect: () => record.log.push('disconnect'),
        onStateChange: ({ Email }) => record.log.push(`Email ${Email}`), onUnauthorized: () => resolve(record),
      },
    });
  });
}

test('states of the account are told; a stream that ends is opened again', async () => {
  const { log, urls } = await listen([() => stream(`${stateEvent('1')}event: ping\ndata: {}\n\n${stateEvent('2')}`), () => stream(stateEvent('3'))]);
  expect(log).toEqual(['connect', 'Email 1', 'Email 2', 'disconnect', 'connect', 'Email 3', 'disconnect']);
  expect(urls[0]).toBe('/events?types=Email%2CSyncStatus&closeafter=no&ping=30');
});

test('it waits longer after each failure, and begins anew after a success', async () => {
  const refuse = (): Response => { throw new TypeError('connection refused'); };
  const { waits } = await listen([refuse, refuse, refuse, () => stream(''), refuse]);
  expect(waits).toEqual([500, 1000, 2000, 500, 1000]);
});
