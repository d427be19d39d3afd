import { afterEach, expect, test } from '@jest/globals';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { MemoryProvider } from '../provider/memory-provider.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { exampleDevice, type ExampleDevice } from '../test/example-device.js';
import { ManualScheduler } from '../test/manual-scheduler.js';
import { SAFETY_NET_MS } from './sync-schedule.js';

const directory = temporaryDirectory();
const devices: ExampleDevice[] = [];
afterEach(async () => {
  for (const { engine, store } of devices.splice(0)) {
    await engine.stop();
    store.close();
  }
});

const newProvider = () => new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });

function startedDevice(name: string, provider: MemoryProvider, scheduler = new ManualScheduler()) {
  const device = exampleDevice(name, directory, provider, { scheduler, events: provider });
  devices.push(device);
  device.engine.start();
  return { ...device, scheduler };
}

const put = ({ store }: Pick<ExampleDevice, 'store'>, id: string) =>
  store.transact((transaction) => transaction.put('identity', id, { identityId: id, address: 'a@example.org', name: id, textSignature: '' }));

/** Until a condition holds; only turns of the event loop pass. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !holds(); turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(holds()).toBe(true);
}

test('a commit here reaches the other device by itself, without any delay passing', async () => {
  const provider = newProvider();
  const [ana, bob] = [startedDevice('ana', provider), startedDevice('bob', provider)];
  await until(() => ana.scheduler.waiting.length === 1 && bob.scheduler.waiting.length === 1);
  put(ana, 'a');
  await until(() => bob.store.get('identity', 'a') !== null);
});

test('commits of one turn share one sync, and what a device wrote itself is no news to it', async () => {
  const provider = newProvider();
  const ana = startedDevice('ana', provider);
  await until(() => ana.scheduler.waiting.length === 1);
  ana.network.requests.length = 0;
  put(ana, 'a');
  put(ana, 'b');
  await until(() => provider.generation === 3 && ana.scheduler.waiting.length === 1);
  expect(ana.network.requests.filter((name) => name === 'push')).toHaveLength(1);
});

test('in quiet times only the safety net waits, and it syncs', async () => {
  const provider = newProvider();
  const ana = startedDevice('ana', provider);
  await until(() => ana.scheduler.waiting.length === 1);
  expect(ana.scheduler.waiting.map(({ delayMs }) => delayMs)).toEqual([SAFETY_NET_MS]);
  ana.network.requests.length = 0;
  ana.scheduler.pass();
  await until(() => ana.network.requests.includes('pull'));
});

test('after a failure that may pass it tries again with growing delays, and commits do not hurry it', async () => {
  const provider = newProvider();
  const scheduler = new ManualScheduler();
  const ana = exampleDevice('ana', directory, provider, { scheduler });
  devices.push(ana);
  ana.network.faults = Array.from({ length: 6 }, () => 'lostRequest' as const);
  ana.engine.start();
  const bounds = [1000, 2000, 4000, 8000, 16_000, 32_000];
  for (const boundMs of bounds) {
    await until(() => scheduler.waiting.length === 1);
    expect(scheduler.waiting[0]!.delayMs).toBeLessThanOrEqual(boundMs);
    const { length } = ana.network.requests;
    put(ana, `during ${boundMs}`.replaceAll(' ', '-'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ana.network.requests).toHaveLength(length);
    scheduler.pass();
  }
  await until(() => ana.engine.status().current().pendingUp === 0 && scheduler.waiting[0]?.delayMs === SAFETY_NET_MS);
  expect(provider.generation).toBe(bounds.length + 1);
});

test('after stop nothing is begun any more', async () => {
  const provider = newProvider();
  const ana = startedDevice('ana', provider);
  await until(() => ana.scheduler.waiting.length === 1);
  await ana.engine.stop();
  ana.network.requests.length = 0;
  put(ana, 'a');
  await new Promise((resolve) => setImmediate(resolve));
  expect([ana.network.requests, ana.scheduler.waiting]).toEqual([[], []]);
});
