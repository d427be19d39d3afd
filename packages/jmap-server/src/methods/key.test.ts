import { expect, test } from '@jest/globals';
import { ACCOUNT_ID, at, jmapFixture, KNOWN_KEY, REFUSED_KEY } from '../test/jmap-fixture.js';

const CAROL = 'carol@example.net';

test('the keys of addresses are told, and nothing of strangers', async () => {
  const { one, clock } = await jmapFixture();
  expect(await one('Key/get', { addresses: [CAROL, 'eve@example.net', 'nobody'] })).toEqual({
    accountId: ACCOUNT_ID,
    state: expect.any(String),
    list: [
      { address: CAROL, keys: [
        { fingerprint: KNOWN_KEY, state: 'known', level: 'providerTrust', source: 'wkd', firstSeenAtMs: clock.nowMs() },
        { fingerprint: REFUSED_KEY, state: 'refused', level: 'providerTrust', source: null, firstSeenAtMs: null },
      ] },
      { address: 'eve@example.net', keys: [] },
      { address: 'nobody', keys: [] },
    ],
  });
});

test('a decision is answered with the keys as they are then, and recipients resolve by it', async () => {
  const { one } = await jmapFixture();
  const recipient = async (): Promise<unknown> => at(await one('Recipient/resolve', { addresses: [CAROL] }), '/list/0');
  expect(await recipient()).toMatchObject({ state: 'keyChanged', fingerprint: KNOWN_KEY });
  expect(await one('Key/decide', { address: CAROL, decision: 'takeNew', fingerprint: REFUSED_KEY })).toMatchObject({
    address: CAROL, isDecided: true, keys: [{ fingerprint: REFUSED_KEY, state: 'known', level: 'knownKey' }],
  });
  expect(await recipient()).toMatchObject({ state: 'found', fingerprint: REFUSED_KEY });
  await one('Key/decide', { address: CAROL, decision: 'verify', fingerprint: REFUSED_KEY });
  expect(await recipient()).toMatchObject({ state: 'verified' });
});

test('a decision about a key that is not there any more changes nothing, and the answer shows what is', async () => {
  const { one } = await jmapFixture();
  const answer = await one('Key/decide', { address: CAROL, decision: 'takeNew', fingerprint: 'EF'.repeat(20) });
  expect(answer).toMatchObject({ isDecided: false, keys: [{ fingerprint: KNOWN_KEY }, { fingerprint: REFUSED_KEY }] });
});

test.each([
  ['without a fingerprint', { decision: 'takeNew' }],
  ['about a part of a fingerprint', { decision: 'verify', fingerprint: 'ABABABAB' }],
  ['of another kind', { decision: 'takeAny', fingerprint: REFUSED_KEY }],
])('a decision %s is refused', async (_name, change) => {
  const { one } = await jmapFixture();
  expect(await one('Key/decide', { address: CAROL, ...change })).toMatchObject({ type: 'invalidArguments' });
  expect(at(await one('Key/get', { addresses: [CAROL] }), '/list/0/keys/1/state')).toBe('refused');
});

test('more addresses than a message has recipients are refused', async () => {
  const { one } = await jmapFixture();
  expect(await one('Key/get', { addresses: Array.from({ length: 101 }, (_none, index) => `r${index}@example.net`) })).toMatchObject({ type: 'invalidArguments' });
});
