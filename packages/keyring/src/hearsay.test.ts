// Spoofing and denial of service by mail: what anybody can write in somebody's name (level weakChain) neither chooses who can
// read what is sent to him, nor keeps it from being sent.

import { beforeAll, describe, expect, test } from '@jest/globals';
import { renewSecretKey, type GeneratedSecretKey } from '@paloma/crypto/secret';
import { fc, property } from '@paloma/test-kit';
import type { DirectoryAnswer } from './certificate-directory.js';
import { autocryptOf, bob, DAY_MS, found, keyFor, openKeyring, START_MS, vouched, weak } from './test/example-keyring.js';

let bobs: GeneratedSecretKey;
let mallorys: GeneratedSecretKey;

beforeAll(async () => {
  [bobs, mallorys] = await Promise.all([keyFor(bob), keyFor(bob)]);
});

describe('a certificate from a mail', () => {
  test('gives way to the one of the directory, which is asked before it is used', async () => {
    const { keyring, answer, asked } = openKeyring();
    answer(bob, found(bobs));
    await keyring.learnFromAutocrypt(bob, autocryptOf(bob, mallorys), START_MS);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint, level: 'providerTrust' });
    expect(asked).toHaveLength(1);
  });

  test('is used when the directory has none, and for a day not asked about again', async () => {
    const { keyring, asked, clock } = openKeyring();
    await keyring.accept(bob, bobs.certificate, weak);
    for (const afterMs of [0, DAY_MS - 1, 1]) {
      clock.advance(afterMs);
      expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint, level: 'weakChain' });
    }
    expect(asked).toHaveLength(2);
  });

  test.each<[string, number]>([['never was asked', 0], ['was asked more than a day ago', DAY_MS]])('waits while the directory is out of order and %s', async (_what, sinceMs) => {
    const { keyring, answer, clock } = openKeyring();
    await keyring.accept(bob, bobs.certificate, weak);
    if (sinceMs > 0) await keyring.resolve(bob);
    clock.advance(sinceMs);
    answer(bob, 'lookupFailed');
    expect(await keyring.resolve(bob)).toEqual({ state: 'lookupFailed' });
    clock.advance(60_000);
    answer(bob, 'noKey');
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', level: 'weakChain' });
  });

  test('that came again in later mails is still unchecked', async () => {
    const { keyring, answer } = openKeyring();
    answer(bob, 'lookupFailed');
    for (const _mail of [1, 2]) await keyring.learnFromAutocrypt(bob, autocryptOf(bob, mallorys), START_MS);
    expect(await keyring.resolve(bob)).toEqual({ state: 'lookupFailed' });
  });

  test('that the user compared needs no directory', async () => {
    const { keyring, answer } = openKeyring();
    answer(bob, 'lookupFailed');
    await keyring.accept(bob, bobs.certificate, weak);
    keyring.verifyFingerprint(bob, bobs.fingerprint);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'verified' });
  });

  test('in use both ways is not replaced in silence when the directory says another', async () => {
    const { keyring, answer } = openKeyring();
    await keyring.accept(bob, bobs.certificate, weak);
    keyring.markUsed(bob, 'encrypt');
    keyring.markUsed(bob, 'verify');
    answer(bob, found(mallorys));
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'keyChanged', fingerprint: bobs.fingerprint });
  });

  test('does not stand when the directory gives the right one behind others that cannot be used', async () => {
    const { keyring, answer } = openKeyring();
    await keyring.accept(bob, mallorys.certificate, weak);
    const expired = await keyFor(bob, START_MS - 800 * DAY_MS);
    answer(bob, found(await keyFor(bob, START_MS + DAY_MS), expired, bobs));
    expect(await keyring.resolve(bob)).toMatchObject({ fingerprint: bobs.fingerprint });
  });

  test('checked by a device whose clock is ahead counts as unchecked', async () => {
    const { keyring, store, answer } = openKeyring();
    await keyring.accept(bob, bobs.certificate, weak);
    const { content } = store.get('trust', 'bob@example.net')!;
    store.transact((transaction) => transaction.put('trust', 'bob@example.net', { ...content, lastCheckedAtMs: START_MS + 9 * DAY_MS }));
    answer(bob, 'lookupFailed');
    expect(await keyring.resolve(bob)).toEqual({ state: 'lookupFailed' });
  });
});

describe('against a better known certificate', () => {
  test('a flood of others from mails changes nothing and leaves nothing', async () => {
    const { keyring, answer, store } = openKeyring();
    answer(bob, found(bobs));
    await keyring.resolve(bob);
    const before = store.get('trust', 'bob@example.net');
    for (const key of [mallorys, await keyFor(bob)]) {
      expect(await keyring.learnFromAutocrypt(bob, autocryptOf(bob, key), START_MS)).toEqual({ outcome: 'ignored', fingerprint: key.fingerprint });
    }
    expect(store.get('trust', 'bob@example.net')).toEqual(before);
    expect(store.list('certificate')).toHaveLength(1);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint });
  });

  test('another one from the directory is a changed key, which no mail can push aside', async () => {
    const { keyring, answer, clock } = openKeyring();
    const third = await keyFor(bob);
    answer(bob, found(bobs));
    await keyring.resolve(bob);
    clock.advance(DAY_MS + 1);
    answer(bob, found(third));
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'keyChanged', fingerprint: bobs.fingerprint });
    clock.advance(730 * DAY_MS);
    await keyring.accept(bob, (await keyFor(bob, clock.nowMs() - DAY_MS)).certificate, weak);
    expect(keyring.certificatesFor(bob)).toEqual([bobs.certificate, third.certificate]);
  });

  test('that expired, one from a mail is for the user to judge, until the known one is renewed', async () => {
    const { keyring, store, clock } = openKeyring();
    await keyring.accept(bob, bobs.certificate, vouched);
    clock.advance(731 * DAY_MS);
    const later = await keyFor(bob, clock.nowMs() - DAY_MS);
    expect(await keyring.accept(bob, later.certificate, weak)).toMatchObject({ outcome: 'refused' });
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'keyChanged', fingerprint: bobs.fingerprint });
    expect(store.get('trust', 'bob@example.net')?.content).toMatchObject({ refusedFingerprint: later.fingerprint, refusedLevel: 'weakChain' });
    await keyring.accept(bob, (await renewSecretKey(bobs.transferableSecretKey, clock.nowMs())).certificate, vouched);
    expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint });
  });
});

test('two certificates from mails are told apart by the directory without asking the user', async () => {
  const { keyring, answer } = openKeyring();
  for (const key of [bobs, mallorys]) await keyring.accept(bob, key.certificate, weak);
  answer(bob, found(bobs));
  expect(await keyring.resolve(bob)).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint, level: 'providerTrust' });
});

type Step = 'spoof' | 'genuineMail' | 'useBothWays' | 'resolve' | 'anHour' | 'aDay' | 'says bobs' | 'says noKey' | 'says lookupFailed';
const steps = fc.array(fc.constantFrom<Step>('spoof', 'genuineMail', 'useBothWays', 'resolve', 'anHour', 'aDay', 'says bobs', 'says noKey', 'says lookupFailed'), { maxLength: 25 });

property('whatever mails come: hearsay is used only with the word of the directory within a day, and what it vouched for is never blocked', steps, async (course) => {
  const { keyring, clock, answer, asked } = openKeyring();
  let said: DirectoryAnswer = 'noKey';
  let lastWordAtMs = -DAY_MS;
  let isVouchedFor = false;
  const resolve = async (): Promise<void> => {
    const questions = asked.length;
    const resolution = await keyring.resolve(bob);
    if (asked.length > questions && said !== 'lookupFailed') lastWordAtMs = clock.nowMs();
    if ('level' in resolution && resolution.level === 'providerTrust') isVouchedFor = true;
    if (resolution.state === 'found' && resolution.level === 'weakChain') expect(clock.nowMs() - lastWordAtMs).toBeLessThan(DAY_MS);
    if (isVouchedFor) expect(resolution).toMatchObject({ state: 'found', fingerprint: bobs.fingerprint });
    clock.advance(60_000);
  };
  const say = (answered: DirectoryAnswer): void => answer(bob, said = answered);
  const run: Record<Step, () => unknown> = {
    spoof: () => keyring.learnFromAutocrypt(bob, autocryptOf(bob, mallorys), clock.nowMs()),
    genuineMail: () => keyring.learnFromAutocrypt(bob, autocryptOf(bob, bobs), clock.nowMs()),
    useBothWays: () => { keyring.markUsed(bob, 'encrypt'); keyring.markUsed(bob, 'verify'); },
    resolve,
    anHour: () => clock.advance(DAY_MS / 24),
    aDay: () => clock.advance(DAY_MS),
    'says bobs': () => say(found(bobs)),
    'says noKey': () => say('noKey'),
    'says lookupFailed': () => say('lookupFailed'),
  };
  for (const step of course) await run[step]();
  await resolve();
}, { numRuns: 40 });
