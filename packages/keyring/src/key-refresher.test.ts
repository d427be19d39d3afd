import { beforeAll, expect, test } from '@jest/globals';
import { parseMailAddress, type RandomSource } from '@paloma/shared-model';
import type { Scheduler } from '@paloma/document-store';
import type { GeneratedSecretKey } from '@paloma/crypto/secret';
import { fc, property, seededRandom } from '@paloma/test-kit';
import { KeyRefresher, MAX_INTERVAL_MS, MIN_INTERVAL_MS } from './key-refresher.js';
import { bob, DAY_MS, keyFor, openKeyring, weak } from './test/example-keyring.js';

const carol = parseMailAddress('carol@example.net');
let bobs: GeneratedSecretKey;
let carols: GeneratedSecretKey;

beforeAll(async () => {
  [bobs, carols] = await Promise.all([keyFor(bob), keyFor(carol)]);
});

/** Delays that pass when a test says so. */
class ManualScheduler implements Scheduler {
  readonly waiting: { delayMs: number; work: () => void }[] = [];

  after(delayMs: number, work: () => void): () => void {
    const entry = { delayMs, work };
    this.waiting.push(entry);
    return () => void this.waiting.splice(0, this.waiting.length, ...this.waiting.filter((other) => other !== entry));
  }

  pass(): void {
    this.waiting.shift()?.work();
  }
}

function startedRefresher(refreshOldest: () => Promise<void>, random: RandomSource = seededRandom('refresh')) {
  const scheduler = new ManualScheduler();
  const failures: unknown[] = [];
  const refresher = new KeyRefresher({ keyring: { refreshOldest }, scheduler, random, onFailure: (error) => failures.push(error) });
  refresher.start();
  /** Lets the interval pass and the refresh end. */
  const pass = async (): Promise<void> => {
    scheduler.pass();
    await new Promise(setImmediate);
  };
  return { scheduler, failures, refresher, pass };
}

test('one address at a time is asked about, whoever was not for the longest time, and nobody twice a day', async () => {
  const { keyring, asked, clock } = openKeyring();
  await keyring.accept(bob, bobs.certificate, weak);
  await keyring.accept(carol, carols.certificate, weak);
  const { scheduler, refresher } = startedRefresher(() => keyring.refreshOldest());
  expect(asked).toEqual([]);
  for (const expected of [['bob@example.net'], ['bob@example.net', carol], ['bob@example.net', carol]]) {
    await refreshOnce(scheduler, refresher);
    expect(asked).toEqual(expected);
  }
  clock.advance(DAY_MS);
  await refreshOnce(scheduler, refresher);
  expect(asked).toHaveLength(3);
});

test('a directory that is out of order does not hold up the others', async () => {
  const { keyring, asked, answer, clock } = openKeyring();
  await keyring.accept(bob, bobs.certificate, weak);
  await keyring.accept(carol, carols.certificate, weak);
  answer(bob, 'lookupFailed');
  for (const _hour of [1, 2, 3]) {
    await keyring.refreshOldest();
    clock.advance(DAY_MS / 24);
  }
  expect(asked).toEqual(['bob@example.net', carol]);
  clock.advance(DAY_MS);
  await keyring.refreshOldest();
  expect(asked).toEqual(['bob@example.net', carol, 'bob@example.net']);
});

test('a failure is told and the next refresh comes all the same', async () => {
  let refreshes = 0;
  const { failures, pass, scheduler } = startedRefresher(async () => {
    if (refreshes++ === 0) throw new Error('damaged');
  });
  await pass();
  await pass();
  expect(refreshes).toBe(2);
  expect(failures).toEqual([expect.objectContaining({ message: 'damaged' })]);
  expect(scheduler.waiting).toHaveLength(1);
});

test('stopping calls off the next refresh and waits for the one that runs', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { refresher, scheduler } = startedRefresher(() => promise);
  scheduler.pass();
  let isStopped = false;
  const stopping = refresher.stop().then(() => { isStopped = true; });
  await new Promise(setImmediate);
  expect(isStopped).toBe(false);
  resolve();
  await stopping;
  expect(scheduler.waiting).toEqual([]);
});

test('however often it is started there is one wait', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { refresher, scheduler } = startedRefresher(() => promise);
  refresher.start();
  expect(scheduler.waiting).toHaveLength(1);
  scheduler.pass();
  const stopping = refresher.stop();
  refresher.start();
  resolve();
  await stopping;
  expect(scheduler.waiting).toHaveLength(1);
});

property('intervals are within their bounds', fc.uint8Array({ minLength: 4, maxLength: 4 }), (octets) => {
  const { scheduler } = startedRefresher(async () => {}, { bytes: () => octets });
  const [{ delayMs } = { delayMs: NaN }] = scheduler.waiting;
  expect(delayMs).toBeGreaterThanOrEqual(MIN_INTERVAL_MS);
  expect(delayMs).toBeLessThanOrEqual(MAX_INTERVAL_MS);
});

/** Lets one interval pass; stopping tells when the refresh is over. */
async function refreshOnce(scheduler: ManualScheduler, refresher: KeyRefresher): Promise<void> {
  scheduler.pass();
  await refresher.stop();
  refresher.start();
}
