// What the user decides about a changed key is remembered, and bounded.

import { beforeAll, expect, test } from '@jest/globals';
import { MAX_FORMER_CERTIFICATES, MAX_REJECTED_FINGERPRINTS, type TrustDocument } from '@paloma/shared-model';
import type { GeneratedSecretKey } from '@paloma/crypto/secret';
import { fc, property } from '@paloma/test-kit';
import { isContested, keptTrust, newTrust, refusedTrust } from './trust-changes.js';
import { bob, DAY_MS, found, keyFor, openKeyring, START_MS, vouched, weak } from './test/example-keyring.js';

let bobs: GeneratedSecretKey;
let others: GeneratedSecretKey;

beforeAll(async () => {
  [bobs, others] = await Promise.all([keyFor(bob), keyFor(bob)]);
});

test('a key that the user rejected does not ask again, whoever names it', async () => {
  const { keyring, answer, clock, store } = openKeyring();
  answer(bob, found(bobs));
  await keyring.resolve(bob);
  await keyring.accept(bob, others.certificate, vouched);
  keyring.keepKnown(bob);
  answer(bob, found(others));
  for (const _day of [1, 2]) {
    clock.advance(DAY_MS + 1);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint });
  }
  expect(await keyring.accept(bob, others.certificate, vouched)).toMatchObject({ outcome: 'ignored' });
  expect(store.list('certificate')).toHaveLength(1);
});

test('a rejected key asks again when the known one has expired, and is not taken in silence', async () => {
  const { keyring, answer, clock } = openKeyring();
  const later = await keyFor(bob, START_MS + 100 * DAY_MS);
  await keyring.accept(bob, bobs.certificate, vouched);
  clock.advance(101 * DAY_MS);
  await keyring.accept(bob, later.certificate, vouched);
  keyring.keepKnown(bob);
  clock.advance(630 * DAY_MS);
  answer(bob, found(later));
  expect(await keyring.resolve(bob)).toMatchObject({ state: 'keyChanged', fingerprint: bobs.fingerprint });
  expect(keyring.takeRefused(bob)).toBe(true);
  expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: later.fingerprint });
});

test('a refused key is kept with where it came from and when it first did', async () => {
  const { keyring, clock } = openKeyring();
  await keyring.accept(bob, bobs.certificate, vouched);
  expect(keyring.trustIn(bob)).toMatchObject({ fingerprint: bobs.fingerprint, refusedSource: null, refusedAtMs: null });
  clock.advance(1_000);
  await keyring.accept(bob, others.certificate, vouched);
  clock.advance(1_000);
  await keyring.accept(bob, others.certificate, vouched);
  expect(keyring.trustIn(bob)).toMatchObject({ refusedFingerprint: others.fingerprint, refusedSource: 'wkd', refusedAtMs: START_MS + 1_000 });
  keyring.keepKnown(bob);
  expect(keyring.trustIn(bob)).toMatchObject({ refusedFingerprint: null, refusedSource: null, refusedAtMs: null });
});

test('trust that an earlier program wrote can be decided about', async () => {
  const { keyring, store } = openKeyring();
  await keyring.accept(bob, bobs.certificate, vouched);
  await keyring.accept(bob, others.certificate, vouched);
  const { refusedLevel: _level, refusedSource: _source, refusedAtMs: _atMs, rejectedFingerprints: _rejected, ...earlier } = store.get('trust', 'bob@example.net')!.content;
  store.transact((transaction) => transaction.put('trust', 'bob@example.net', earlier as TrustDocument));
  expect(await keyring.resolve(bob)).toMatchObject({ state: 'keyChanged' });
  keyring.keepKnown(bob);
  expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint });
  expect(await keyring.accept(bob, others.certificate, vouched)).toMatchObject({ outcome: 'ignored' });
});

test('a certificate that the trust no longer names is forgotten', async () => {
  const { keyring, store } = openKeyring();
  const third = await keyFor(bob);
  await keyring.accept(bob, bobs.certificate, weak);
  await keyring.accept(bob, others.certificate, weak);
  await keyring.accept(bob, third.certificate, vouched);
  expect(store.list('certificate').map(({ content }) => content.fingerprint).sort()).toEqual([bobs.fingerprint, third.fingerprint].sort());
});

const fingerprints = fc.integer({ min: 0, max: 40 }).map((number) => number.toString(16).padStart(40, '0').toUpperCase());
const changes = fc.array(fc.record({ fingerprint: fingerprints, level: fc.constantFrom('weakChain', 'providerTrust'), change: fc.constantFrom('refuse', 'keep', 'take') }), { maxLength: 200 });
const known = (): TrustDocument => newTrust(bob, null, 'A'.repeat(40), vouched, START_MS);

property('lists are bounded and no fingerprint is both wanted and rejected', changes, (course) => {
  let trust = known();
  for (const { fingerprint, level, change } of course) {
    if (change === 'take') trust = newTrust(bob, trust, fingerprint, { source: 'import', level }, START_MS);
    else if (fingerprint !== trust.fingerprint) trust = (change === 'keep' ? keptTrust(trust) : refusedTrust(trust, fingerprint, { source: 'wkd', level }, START_MS)) ?? trust;
    expect(trust.history.length).toBeLessThanOrEqual(MAX_FORMER_CERTIFICATES);
    expect(trust.rejectedFingerprints.length).toBeLessThanOrEqual(MAX_REJECTED_FINGERPRINTS);
    expect(new Set(trust.rejectedFingerprints).size).toBe(trust.rejectedFingerprints.length);
    expect(trust.rejectedFingerprints).not.toContain(trust.fingerprint);
    expect(trust.rejectedFingerprints).not.toContain(trust.refusedFingerprint);
  }
});

test.each<[string, TrustDocument['refusedLevel'], boolean, boolean]>([
  ['weaker than the known one', 'weakChain', true, false],
  ['weaker, but the known one cannot encrypt', 'weakChain', false, true],
  ['as strong', 'providerTrust', true, true],
  ['stronger', 'knownKey', true, true],
  ['refused by an earlier program, which did not note how strong', null, true, true],
])('a refused key that is %s: the user is asked or not', (_what, refusedLevel, canEncrypt, expected) => {
  expect(isContested({ ...known(), refusedFingerprint: 'B'.repeat(40), refusedLevel }, canEncrypt)).toBe(expected);
  expect(isContested(known(), canEncrypt)).toBe(false);
});
