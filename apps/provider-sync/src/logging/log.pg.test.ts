// What an operator can follow in the log, and what he cannot see.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { parseIncomingItemId } from '@paloma/shared-model';
import { usersPaths } from '@paloma/sync-protocol';
import { providerForTests } from '../test/provider-under-test.js';
import { octets, randomText, type TestClient } from '../test/test-client.js';

const DAY_MS = 24 * 60 * 60_000;
const provider = providerForTests();
const open = providerForTests({ logging: { peerAddressesInTheClear: true } });

interface Line {
  route: string;
  peer: string;
  accounts?: string;
}

/** What is logged of one request; that comes with the end of its connection's turn, a little after the answer. */
async function lineOf(request: () => Promise<unknown>): Promise<Line> {
  const seen = provider.logLines.length;
  await request();
  while (provider.logLines.length === seen) await nextTurn();
  return JSON.parse(provider.logLines.at(-1)!) as Line;
}
const info = (client: TestClient) => () => client.users('GET', usersPaths.info);

test('one account and one peer can be followed through a day, and no further', async () => {
  const [alice, bob] = [await provider.client().signUp(), await provider.client().signUp()];
  const [first, again, other] = [await lineOf(info(alice)), await lineOf(info(alice)), await lineOf(info(bob))];
  expect(first).toMatchObject({ peer: expect.stringMatching(/^[\w-]{10}$/), accounts: expect.stringMatching(/^[\w-]{10}$/) });
  expect([again.peer, again.accounts]).toEqual([first.peer, first.accounts]);
  expect([other.peer, other.accounts === first.accounts]).toEqual([first.peer, false]);
  const delivery = await lineOf(() => alice.deliver(alice.accountId, parseIncomingItemId(randomText(43)), octets('sealed')));
  expect(delivery).toMatchObject({ route: expect.stringContaining('incoming') as unknown, accounts: first.accounts });
  provider.clock.advance(DAY_MS);
  const nextDay = await lineOf(info(alice));
  expect([nextDay.peer === first.peer, nextDay.accounts === first.accounts]).toEqual([false, false]);
  expect(provider.logLines.join('')).not.toMatch(new RegExp(`127\\.0\\.0\\.1|::1|example\\.org|${alice.accountId}`));
});

test('an operator who needs them sees the addresses of peers, and still no account', async () => {
  const client = await open.client().signUp();
  expect(open.logLines.map((line) => (JSON.parse(line) as Line).peer)).toContain('127.0.0.1');
  expect(open.logLines.join('')).not.toMatch(new RegExp(`example\\.org|${client.accountId}`));
});
