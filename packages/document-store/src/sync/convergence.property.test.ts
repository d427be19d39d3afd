// Devices that edit, delete and sync in any order over a network that loses requests and replies end with the same octets,
// and then nothing is left to move.

import { expect } from '@jest/globals';
import { fc, property, seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { MemoryProvider } from '../provider/memory-provider.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { contentsOf, exampleDevice, type ExampleDevice } from '../test/example-device.js';
import type { Fault } from '../test/faulty-transport.js';
import { emptyReport } from './sync-report.js';

const directory = temporaryDirectory();
const NAMES = ['ana', 'bob', 'carol'];

const fault = fc.constantFrom<Fault>('none', 'none', 'lostRequest', 'lostReply', 'cut');
const step = fc.record({
  device: fc.nat(NAMES.length - 1),
  action: fc.oneof(
    fc.record({ kind: fc.constant('name' as const), document: fc.nat(2), name: fc.string({ maxLength: 2 }) }),
    fc.record({ kind: fc.constant('mark' as const), document: fc.nat(2), keyword: fc.constantFrom('$seen', '$flagged'), isSet: fc.boolean() }),
    fc.record({ kind: fc.constant('delete' as const), type: fc.constantFrom('identity' as const, 'email' as const), document: fc.nat(2) }),
    fc.record({ kind: fc.constant('sync' as const), faults: fc.array(fault, { maxLength: 8 }) }),
  ),
});
type Action = typeof step extends fc.Arbitrary<infer Step extends { action: unknown }> ? Step['action'] : never;

async function perform({ store, engine, network }: ExampleDevice, action: Action): Promise<void> {
  if (action.kind === 'sync') {
    network.faults = [...action.faults];
    await engine.sync();
    expect(engine.status().current().alarm).toBeNull();
    network.faults = [];
    return;
  }
  const id = `d${action.document}`;
  store.transact((transaction) => {
    if (action.kind === 'delete') return transaction.delete(action.type, id);
    if (action.kind === 'name') return transaction.put('identity', id, { identityId: id, address: 'a@example.org', name: action.name, textSignature: '' });
    const known = transaction.get('email', id)?.content ?? { emailId: id, messageId: 'm', receivedAtMs: 0, keywords: {}, mailboxes: {} };
    const mark = { isSet: action.isSet, clock: transaction.nextMarkClock() };
    transaction.put('email', id, { ...known, keywords: { ...known.keywords, [action.keyword]: mark } });
  });
}

property('any interleaving over any faults converges, and a second sync moves nothing', fc.array(step, { maxLength: 40 }), async (steps) => {
  const provider = new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });
  const devices = NAMES.map((name) => exampleDevice(name, directory, provider));
  try {
    for (const { device, action } of steps) await perform(devices[device]!, action);
    for (let round = 0; round < 2; round++) for (const { engine } of devices) expect((await engine.sync()).failure).toBeNull();
    const [first, ...others] = devices.map(({ store }) => contentsOf(store));
    for (const other of others) expect(other).toEqual(first);
    const { generation } = provider;
    for (const { engine } of devices) expect(await engine.sync()).toEqual(emptyReport());
    expect(provider.generation).toBe(generation);
    for (const { store, engine } of devices) expect([store.documents.countDirty(), engine.listSetAside()]).toEqual([0, []]);
  } finally {
    for (const { store } of devices) store.close();
  }
}, { numRuns: 60 });
