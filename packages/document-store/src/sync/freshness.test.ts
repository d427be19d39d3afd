// A provider that shows one device less than another, or another past: docs/protocol/sync.md §8. Each lie must be an alarm as
// soon as the devices have heard of each other, and what was kept back must arrive once the provider is honest again.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { parseReplicaUid, type BlobNamespace } from '@paloma/shared-model';
import type { PullItem } from '@paloma/sync-protocol';
import { MemoryProvider } from '../provider/memory-provider.js';
import { EXAMPLE_ACCOUNT_ID, exampleKeys } from '../test/example-account.js';
import { contentsOf, exampleDevice, openDevice, type ExampleDevice } from '../test/example-device.js';
import { selectiveProvider, snapshotOf } from '../test/selective-provider.js';
import { headIdOf } from './own-head.js';
import { sealItem } from './sealed-item.js';

const directory = temporaryDirectory();
const devices: ExampleDevice[] = [];
const keys = exampleKeys();
afterEach(() => devices.splice(0).forEach(({ store }) => store.close()));

function newProvider(): MemoryProvider {
  return new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });
}

function device(name: string, provider: MemoryProvider): ExampleDevice {
  const made = exampleDevice(name, directory, provider);
  devices.push(made);
  return made;
}

const put = ({ store }: ExampleDevice, id: string, name = id): void => {
  store.transact((transaction) => transaction.put('identity', id, { identityId: id, address: 'a@example.org', name, textSignature: '' }));
};
const opaqueOf = (id: string) => keys.opaqueDocumentId(`identity:${id}` as never);
const opaqueHeadOf = ({ store }: ExampleDevice) => keys.opaqueDocumentId(headIdOf(store.replicaUid));
const alarmOf = ({ engine }: ExampleDevice) => engine.status().current().alarm;

/** Ana and Bob in step, with Carol, who has written too; each has heard of the others. */
async function threeInStep() {
  const provider = newProvider();
  const [ana, bob, carol] = [device('ana', provider), device('bob', provider), device('carol', provider)];
  for (const [index, each] of [ana, bob, carol].entries()) {
    put(each, `of-${index}`);
    await each.engine.sync();
  }
  for (const { engine } of [ana, bob]) await engine.sync();
  return { provider, ana, bob, carol };
}

type Scene = Awaited<ReturnType<typeof threeInStep>>;
/** What of the log Bob is not shown, or is shown otherwise. */
type Lie = (scene: Scene) => (item: PullItem) => PullItem | null;

const without = (...ids: string[]): ((item: PullItem) => PullItem | null) => (item) => (ids.includes(item.id) ? null : item);

const lies: [string, Lie][] = [
  ['a new document', () => without(opaqueOf('new'))],
  ['a change of a document', () => without(opaqueOf('of-0'))],
  ['a deletion', () => without(opaqueOf('gone'))],
  ['the statement, but not the documents beside it', ({ ana }) => without(opaqueHeadOf(ana))],
  ['everything of one device, of which a third one has heard', ({ ana }) => without(opaqueHeadOf(ana), opaqueOf('new'), opaqueOf('of-0'), opaqueOf('gone'), opaqueOf('old'))],
  ['a document, whose old statement is shown', ({ ana, provider }) => {
    const before = snapshotOf(provider);
    return (item) => (item.id === opaqueHeadOf(ana) ? { ...before.get(item.id)!, generation: item.generation } : without(opaqueOf('new'))(item));
  }],
];

describe('a provider that keeps back from one device', () => {
  test.each(lies)('%s is found out, and what it kept back arrives when it is honest again', async (_name, lie) => {
    const scene = await threeInStep();
    const { ana, bob, carol, provider } = scene;
    put(ana, 'gone');
    put(ana, 'old');
    for (const { engine } of [ana, bob, carol]) await engine.sync();
    bob.network.inner = selectiveProvider(provider, lie(scene));
    put(ana, 'new');
    put(ana, 'of-0', 'changed');
    ana.store.transact((transaction) => transaction.delete('identity', 'gone'));
    await ana.engine.sync();
    await carol.engine.sync();
    put(carol, 'after');
    await carol.engine.sync();
    await bob.engine.sync();
    expect(alarmOf(bob)).toBe('withheld');
    expect([alarmOf(ana), alarmOf(carol)]).toEqual([null, null]);

    bob.network.inner = provider;
    for (let round = 0; round < 3; round++) await bob.engine.sync();
    await ana.engine.sync();
    expect(contentsOf(bob.store)).toEqual(contentsOf(ana.store));
    expect(bob.engine.status().current()).toMatchObject({ phase: 'alarm', alarm: 'withheld' });
    bob.engine.dismissAlarms();
    put(bob, 'thanks');
    for (const { engine } of [bob, ana, bob]) await engine.sync();
    expect([alarmOf(ana), alarmOf(bob)]).toEqual([null, null]);
  });

  test('is found out by a later statement, though that names only what travels beside it', async () => {
    const { provider, ana, bob } = await threeInStep();
    bob.network.inner = selectiveProvider(provider, without(opaqueOf('new')));
    put(ana, 'new');
    await ana.engine.sync();
    put(ana, 'newer');
    await ana.engine.sync();
    await bob.engine.sync();
    expect([bob.store.get('identity', 'newer') !== null, alarmOf(bob)]).toEqual([true, 'withheld']);
  });

  test('is found out by a new device too', async () => {
    const { provider, ana } = await threeInStep();
    const dave = exampleDevice('dave', directory, provider);
    devices.push(dave);
    dave.network.inner = selectiveProvider(provider, without(opaqueOf('of-0')));
    await dave.engine.sync();
    expect([alarmOf(dave), alarmOf(ana)]).toEqual(['withheld', null]);
  });

  test('raises the alarm again after it was dismissed, and does not read the whole log at every sync', async () => {
    const { provider, ana, bob } = await threeInStep();
    bob.network.inner = selectiveProvider(provider, without(opaqueOf('new')));
    put(ana, 'new');
    await ana.engine.sync();
    await bob.engine.sync();
    bob.engine.dismissAlarms();
    expect(alarmOf(bob)).toBeNull();
    let received = 0;
    bob.network.inner = selectiveProvider(provider, (item) => { received += 1; return without(opaqueOf('new'))(item); });
    for (let round = 0; round < 20; round++) await bob.engine.sync();
    expect(alarmOf(bob)).toBe('withheld');
    expect(received).toBeLessThan(provider.documents.size * 7);
  });
});

describe('a provider that tells two histories', () => {
  test('one of which lacks what the other device had read past is found out by the writer', async () => {
    const { provider, ana, bob } = await threeInStep();
    bob.network.inner = selectiveProvider(provider, without(opaqueHeadOf(ana), opaqueOf('new')));
    put(ana, 'new');
    await ana.engine.sync();
    await bob.engine.sync();
    put(bob, 'answer');
    await bob.engine.sync();
    await ana.engine.sync();
    expect(alarmOf(ana)).toBe('forked');
  });

  test('two logs that are joined later are found out, and both histories survive', async () => {
    const { provider, ana, bob } = await threeInStep();
    const other = provider.fork();
    bob.network.inner = other;
    for (let edit = 0; edit < 10; edit++) {
      put(ana, 'of-1', `as Ana wants it ${edit}`);
      await ana.engine.sync();
    }
    put(bob, 'of-1', 'as Bob wants it');
    put(bob, 'only-bob');
    await bob.engine.sync();
    expect([alarmOf(ana), alarmOf(bob)]).toEqual([null, null]);

    const joined = selectiveProvider(provider, (item) => item);
    bob.network.inner = Object.assign(joined, { pull: (request: Parameters<typeof joined.pull>[0]) => provider.pull({ ...request, known: null }) });
    await bob.engine.sync();
    expect(alarmOf(bob)).toBe('forked');
    put(bob, 'of-2', 'after the fork');
    for (let round = 0; round < 3; round++) for (const { engine } of [bob, ana]) await engine.sync();
    expect(ana.store.get('identity', 'of-1')!.content).toEqual(bob.store.get('identity', 'of-1')!.content);
    expect(bob.store.get('identity', 'only-bob')).not.toBeNull();
  });

  test('a state that does not descend from the one the provider had is taken in, and is an alarm', async () => {
    const { provider, ana, bob } = await threeInStep();
    put(bob, 'of-0', 'in another history');
    const row = bob.store.documents.find('identity:of-0' as never)!;
    const concurrent = sealItem(row, bob.store, seededRandom('fork'));
    put(ana, 'of-0', 'in this history');
    await ana.engine.sync();
    provider.insert(concurrent, bob.store.replicaUid);
    await ana.engine.sync();
    expect(alarmOf(ana)).toBe('forked');
  });
});

describe('an old copy of a store', () => {
  /** Ana's store as it was before she wrote more, put back in its place. */
  async function restored(writeAfterCopy: (ana: ExampleDevice) => Promise<void>) {
    const { provider, ana, bob } = await threeInStep();
    ana.store.sql.get('PRAGMA wal_checkpoint(TRUNCATE)');
    const copy = join(directory, `copy-${devices.length}-${Math.trunc(provider.generation)}.db`);
    copyFileSync(ana.path, copy);
    await writeAfterCopy(ana);
    const old = openDevice('old ana', copy, provider);
    devices.push(old);
    return { provider, ana, bob, old };
  }

  test('goes on as a new replica, without an alarm, and loses neither what it missed nor what it holds', async () => {
    const { provider, ana, bob, old } = await restored(async (device) => {
      put(device, 'of-0', 'after the copy');
      await device.engine.sync();
    });
    put(old, 'of-0', 'edited in the copy');
    put(old, 'new-in-the-copy');
    const before = old.store.replicaUid;
    expect(await old.engine.sync()).toMatchObject({ isReplicaRenewed: true, failure: null });
    expect(old.store.replicaUid).not.toBe(before);
    await bob.engine.sync();
    expect(contentsOf(bob.store)).toEqual(contentsOf(old.store));
    expect(bob.store.get('identity', 'new-in-the-copy')).not.toBeNull();
    expect(bob.store.get('identity', 'of-0')!.content.name).toMatch(/^(?:after the copy|edited in the copy)$/);
    expect([alarmOf(bob), alarmOf(old), old.engine.listSetAside()]).toEqual([null, null, []]);
    const { generation } = provider;
    expect(await old.engine.sync()).toMatchObject({ isReplicaRenewed: false, pulled: 0, pushed: 0 });
    expect(provider.generation).toBe(generation);
    expect(ana.store.replicaUid).toBe(before);
  });

  test('is not made a new replica when nothing was written since it was copied', async () => {
    const { old } = await restored(async () => {});
    put(old, 'later');
    expect(await old.engine.sync()).toMatchObject({ isReplicaRenewed: false, pushed: 1 });
  });

  test('that runs beside the one it was copied from is found out when it pushes', async () => {
    const { ana, bob, old } = await restored(async () => {});
    await old.engine.sync();
    for (const [each, name] of [[ana, 'one'], [old, 'two']] as const) put(each, name);
    await ana.engine.sync();
    expect(await old.engine.sync()).toMatchObject({ isReplicaRenewed: true, failure: null });
    await bob.engine.sync();
    expect(bob.store.list('identity').map(({ content }) => content.name).sort()).toEqual(['of-0', 'of-1', 'of-2', 'one', 'two']);
    expect(await ana.engine.sync()).toMatchObject({ failure: null });
    put(ana, 'last');
    for (const { engine } of [ana, old, bob]) await engine.sync();
    expect([alarmOf(ana), alarmOf(bob), alarmOf(old)]).toEqual([null, null, null]);
    expect([contentsOf(ana.store), contentsOf(old.store)]).toEqual([contentsOf(bob.store), contentsOf(bob.store)]);
  });

  test('is not what a provider can make of a device by forging its uid', async () => {
    const { provider, ana } = await threeInStep();
    const item = provider.documents.get(opaqueOf('of-0'))!;
    const uid = parseReplicaUid(ana.store.replicaUid);
    provider.insert({ ...item, revision: `${uid}:99` as never }, uid);
    devices.splice(devices.indexOf(ana), 1);
    ana.store.close();
    const again = openDevice('ana', ana.path, provider);
    devices.push(again);
    expect(await again.engine.sync()).toMatchObject({ isReplicaRenewed: false, setAside: 1 });
  });
});

test('what went up with a lost answer, and is held back since, is no alarm on the other device', async () => {
  const { provider, ana, bob } = await threeInStep();
  const quarantine = (octets: number) => {
    const blobId = ana.store.putBlob('outbox' as BlobNamespace, new Uint8Array(octets));
    ana.store.transact((transaction) => transaction.put('quarantine-item', 'q', { incomingItemId: 'q', reason: 'tooLarge', blobId, sizeBytes: octets, receivedAtMs: 0, attempts: 0 }));
  };
  quarantine(10);
  ana.network.faults = ['none', 'none', 'lostReply'];
  expect(await ana.engine.sync()).toMatchObject({ failure: { code: 'unreachable' } });
  Object.assign(provider.limits, { quotaBytes: 60_000 });
  quarantine(100_000);
  put(ana, 'other');
  expect(await ana.engine.sync()).toMatchObject({ heldBack: 1, pushed: 1, failure: null });
  await bob.engine.sync();
  expect([bob.store.get('quarantine-item', 'q')?.content.sizeBytes, alarmOf(bob)]).toEqual([10, null]);
});

test.each([['kept', false], ['kept and made again too', true]])('a document made again by a device that never knew it, over a tombstone that was removed, is no alarm where the tombstone is %s', async (_name, isMadeAgainHereToo) => {
  const provider = newProvider();
  const [ana, bob] = [device('ana', provider), device('bob', provider)];
  put(bob, 'again');
  bob.store.transact((transaction) => transaction.delete('identity', 'again'));
  for (const { engine } of [bob, bob, ana, ana]) await engine.sync();
  if (isMadeAgainHereToo) put(ana, 'again', 'here');
  provider.compactTombstones();
  expect(provider.documents.has(opaqueOf('again'))).toBe(false);
  const carol = device('carol', provider);
  put(carol, 'again');
  put(bob, 'other');
  for (const { engine } of [bob, carol]) await engine.sync();
  ana.network.faults = ['none', 'none', 'none', 'lostRequest'];
  for (let round = 0; round < 3; round++) for (const { engine } of [ana, bob]) await engine.sync();
  expect([alarmOf(ana), alarmOf(bob)]).toEqual([null, null]);
  expect(contentsOf(bob.store)).toEqual(contentsOf(ana.store));
});

test('statements alone are never a reason to push: devices that only read stay silent', async () => {
  const { provider, ana, bob, carol } = await threeInStep();
  const { generation } = provider;
  for (let round = 0; round < 3; round++) for (const { engine } of [ana, bob, carol]) await engine.sync();
  expect(provider.generation).toBe(generation);
});
