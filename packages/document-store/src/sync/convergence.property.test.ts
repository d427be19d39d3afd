// Devices that edit, delete and sync in any order, over a network that loses requests and replies, and that are killed between any
// two steps, end with the same octets, and then nothing is left to move. No honest provider is ever an alarm; one that
// lies to a device about what the others wrote always is.

import { expect } from '@jest/globals';
import { fc, property, seededRandom, temporaryDirectory } from '@paloma/test-kit';
import type { PullItem } from '@paloma/sync-protocol';
import { MemoryProvider } from '../provider/memory-provider.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import { Crash, crashAtCommit } from '../test/crash.js';
import { contentsOf, exampleDevice, openDevice, type ExampleDevice } from '../test/example-device.js';
import type { Fault } from '../test/faulty-transport.js';
import { selectiveProvider } from '../test/selective-provider.js';
import { headIdOf } from './own-head.js';
import { emptyReport } from './sync-report.js';

const directory = temporaryDirectory();
/** Each start of a program has randomness of its own. */
let restarts = 0;
const NAMES = ['ana', 'bob', 'carol', 'dave'];

const fault = fc.constantFrom<Fault>('none', 'none', 'lostRequest', 'lostReply', 'cut');
const step = fc.record({
  device: fc.nat(NAMES.length - 1),
  action: fc.oneof(
    fc.record({ kind: fc.constant('name' as const), document: fc.nat(2), name: fc.string({ maxLength: 2 }) }),
    fc.record({ kind: fc.constant('mark' as const), document: fc.nat(2), keyword: fc.constantFrom('$seen', '$flagged'), isSet: fc.boolean() }),
    fc.record({ kind: fc.constant('delete' as const), type: fc.constantFrom('identity' as const, 'email' as const), document: fc.nat(2) }),
    fc.record({ kind: fc.constant('sync' as const), faults: fc.array(fault, { maxLength: 8 }) }),
    fc.record({ kind: fc.constant('crash' as const), commits: fc.nat(8), moment: fc.constantFrom('before' as const, 'after' as const), faults: fc.array(fault, { maxLength: 4 }) }),
  ),
});
type Action = typeof step extends fc.Arbitrary<infer Step extends { action: unknown }> ? Step['action'] : never;

/** A program that dies somewhere in a sync and is started again. */
async function crash(device: ExampleDevice, { commits, moment, faults }: Extract<Action, { kind: 'crash' }>): Promise<ExampleDevice> {
  device.network.faults = [...faults];
  crashAtCommit(device.store, commits, moment);
  await device.engine.sync().catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
  device.store.close();
  return openDevice(`restart ${restarts++}`, device.path, device.network.inner);
}

async function perform(device: ExampleDevice, action: Action): Promise<ExampleDevice> {
  if (action.kind === 'crash') return crash(device, action);
  const { engine, network, store } = device;
  if (action.kind === 'sync') {
    network.faults = [...action.faults];
    await engine.sync();
    network.faults = [];
  } else edit(store, action);
  return device;
}

function edit(store: LocalDocumentStore, action: Exclude<Action, { kind: 'sync' | 'crash' }>): void {
  const id = `d${action.document}`;
  store.transact((transaction) => {
    if (action.kind === 'delete') return transaction.delete(action.type, id);
    if (action.kind === 'name') return transaction.put('identity', id, { identityId: id, address: 'a@example.org', name: action.name, textSignature: '' });
    const known = transaction.get('email', id)?.content ?? { emailId: id, messageId: 'm', receivedAtMs: 0, keywords: {}, mailboxes: {} };
    const mark = { isSet: action.isSet, clock: transaction.nextMarkClock() };
    transaction.put('email', id, { ...known, keywords: { ...known.keywords, [action.keyword]: mark } });
  });
}

function alarmsOf(devices: readonly ExampleDevice[]): (string | null)[] {
  return devices.map(({ engine }) => engine.status().current().alarm);
}

async function play(steps: readonly { device: number; action: Action }[], devices: ExampleDevice[]): Promise<void> {
  for (const { device, action } of steps) {
    const index = device % devices.length;
    devices[index] = await perform(devices[index]!, action);
    expect(devices[index].engine.status().current().alarm).toBeNull();
  }
}

const newProvider = () => new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });
const steps = fc.array(step, { maxLength: 40, size: 'max' });

property('any interleaving over any faults and crashes converges, and a second sync moves nothing', fc.tuple(fc.integer({ min: 2, max: 4 }), steps), async ([count, played]) => {
  const provider = newProvider();
  const devices = NAMES.slice(0, count).map((name) => exampleDevice(name, directory, provider));
  try {
    await play(played, devices);
    for (let round = 0; round < 2; round++) for (const { engine } of devices) expect((await engine.sync()).failure).toBeNull();
    const [first, ...others] = devices.map(({ store }) => contentsOf(store));
    for (const other of others) expect(other).toEqual(first);
    const { generation } = provider;
    for (const { engine } of devices) expect(await engine.sync()).toEqual(emptyReport());
    expect(provider.generation).toBe(generation);
    for (const { store, engine } of devices) expect([store.documents.countDirty(), engine.listSetAside()]).toEqual([0, []]);
    expect(alarmsOf(devices)).toEqual(devices.map(() => null));
  } finally {
    for (const { store } of devices) store.close();
  }
}, { numRuns: 60 });

property('what a provider keeps from one device for ever is found out by it, or was nothing that it lacks', fc.tuple(steps, steps, fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 6 })), async ([before, after, kept]) => {
  const provider = newProvider();
  const devices = NAMES.slice(0, 3).map((name) => exampleDevice(name, directory, provider));
  try {
    await play(before, devices);
    for (let round = 0; round < 2; round++) for (const { engine } of devices) await engine.sync();
    const shown = provider.generation;
    // Each state is shown always or never, but for statements, without which there would be nothing to compare.
    const heads = new Set(devices.map(({ store }) => store.keys.opaqueDocumentId(headIdOf(store.replicaUid))));
    const isKept = ({ id, generation }: PullItem): boolean => !heads.has(id) && kept.includes(generation - shown);
    devices[0]!.network.inner = selectiveProvider(provider, (item) => (isKept(item) ? null : item));
    for (const { device, action } of after) if (device % 3 !== 0 && action.kind !== 'crash') await perform(devices[device % 3]!, action);
    for (let round = 0; round < 2; round++) for (const { engine } of devices.slice(1)) await engine.sync();
    await devices[0]!.engine.sync();
    const isLacking = contentsOf(devices[0]!.store).join() !== contentsOf(devices[1]!.store).join();
    expect([devices[0]!.engine.status().current().alarm, ...alarmsOf(devices.slice(1))]).toEqual([isLacking ? 'withheld' : null, null, null]);
  } finally {
    for (const { store } of devices) store.close();
  }
}, { numRuns: 40 });
