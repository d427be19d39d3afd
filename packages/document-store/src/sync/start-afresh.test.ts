// Tombstones that all replicas have passed are removed; who was away longer starts afresh: docs/protocol/sync.md §4.1.

import { afterEach, expect, test } from '@jest/globals';
import { manualClock, seededRandom, temporaryDirectory, type ManualClock } from '@paloma/test-kit';
import { MemoryProvider } from '../provider/memory-provider.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { contentsOf, exampleDevice, type ExampleDevice } from '../test/example-device.js';

const YEAR_MS = 365 * 24 * 60 * 60_000;
const directory = temporaryDirectory();
const devices: ExampleDevice[] = [];
afterEach(() => devices.splice(0).forEach(({ store }) => store.close()));

const newProvider = () => new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });

function device(name: string, provider: MemoryProvider, clock: ManualClock): ExampleDevice {
  const made = exampleDevice(name, directory, provider, { clock });
  devices.push(made);
  return made;
}

const put = ({ store }: ExampleDevice, id: string, name = id) =>
  store.transact((transaction) => transaction.put('identity', id, { identityId: id, address: 'a@example.org', name, textSignature: '' }));
const remove = ({ store }: ExampleDevice, id: string) => store.transact((transaction) => transaction.delete('identity', id));
const namesOn = ({ store }: ExampleDevice) => store.list('identity').map(({ content }) => content.name).sort();
const alarmOf = ({ engine }: ExampleDevice) => engine.status().current().alarm;
const tombstonesAt = (provider: MemoryProvider) => [...provider.documents.values()].filter(({ tombstone }) => tombstone).length;

async function syncAll(...all: ExampleDevice[]): Promise<void> {
  for (let round = 0; round < 2; round++) for (const { engine } of all) expect((await engine.sync()).failure).toBeNull();
}

/** Ana deletes "gone" of Bob's while Bob is away; Carol was there; the tombstone is removed when Bob was forgotten. */
async function bobWasAway() {
  const [provider, clock] = [newProvider(), manualClock()];
  const [ana, bob, carol] = [device('ana', provider, clock), device('bob', provider, clock), device('carol', provider, clock)];
  put(bob, 'gone');
  put(bob, 'kept');
  await syncAll(bob, ana, carol);
  remove(ana, 'gone');
  await syncAll(ana, carol);
  provider.compactTombstones();
  expect(tombstonesAt(provider)).toBe(1);
  provider.forget(bob.store.replicaUid);
  provider.compactTombstones();
  expect(tombstonesAt(provider)).toBe(0);
  return { provider, clock, ana, bob, carol };
}

test('a fresh replica claims to know no head: the provider may have forgotten those of its former self', async () => {
  const { clock, bob, provider } = await bobWasAway();
  const asked: { replicaUid: string; known: unknown }[] = [];
  const pull = provider.pull.bind(provider);
  provider.pull = (request) => {
    asked.push(request);
    return pull(request);
  };
  const before = bob.store.replicaUid;
  clock.advance(YEAR_MS);
  await bob.engine.sync();
  await bob.engine.sync();
  expect(asked.filter(({ replicaUid }) => replicaUid === before).map(({ known }) => known)).toEqual([expect.anything()]);
  const ofFresh = asked.filter(({ replicaUid }) => replicaUid !== before).map(({ known }) => known);
  expect([ofFresh[0], ofFresh.slice(1).includes(null)]).toEqual([null, false]);
});

test('after a year away a device keeps its edits, drops what was deleted meanwhile, and goes on as a fresh replica', async () => {
  const { clock, ana, bob, carol, provider } = await bobWasAway();
  const before = bob.store.replicaUid;
  put(bob, 'new', 'written offline');
  put(bob, 'kept', 'edited offline');
  clock.advance(YEAR_MS);
  expect(await bob.engine.sync()).toMatchObject({ failure: null, isReplicaRenewed: true, pushed: 2 });
  expect(bob.store.replicaUid).not.toBe(before);
  await syncAll(ana, bob, carol);
  for (const each of [ana, bob, carol]) expect([namesOn(each), alarmOf(each)]).toEqual([['edited offline', 'written offline'], null]);
  expect(tombstonesAt(provider)).toBe(0);
});

test('an edit of what was deleted meanwhile wins over the deletion, as in every conflict of the two', async () => {
  const { clock, ana, bob, carol } = await bobWasAway();
  put(bob, 'gone', 'not so gone');
  clock.advance(YEAR_MS);
  await bob.engine.sync();
  await syncAll(ana, bob, carol);
  bob.engine.dismissAlarms();
  await syncAll(bob);
  for (const each of [ana, bob, carol]) expect([namesOn(each), alarmOf(each)]).toEqual([['kept', 'not so gone'], null]);
  expect(contentsOf(bob.store).filter((line) => line.startsWith('identity:gone'))).toEqual(contentsOf(ana.store).filter((line) => line.startsWith('identity:gone')));
});

test('a provider that forgets too soon is an alarm, and takes nothing away until the user says so', async () => {
  const { clock, bob } = await bobWasAway();
  clock.advance(YEAR_MS / 2);
  put(bob, 'new', 'written offline');
  expect((await bob.engine.sync()).failure).toMatchObject({ code: 'gone', retryable: false });
  expect([namesOn(bob), bob.engine.status().current()]).toMatchObject([['gone', 'kept', 'written offline'], { phase: 'alarm', alarm: 'forgottenTooSoon' }]);
  bob.engine.startAfresh();
  expect(namesOn(bob)).toEqual(['gone', 'kept', 'written offline']);
  expect(await bob.engine.sync()).toMatchObject({ failure: null });
  expect([namesOn(bob), alarmOf(bob)]).toEqual([['kept', 'written offline'], null]);
});

test('whoever starts afresh with a tombstone of his own, which another deletion joined before both were removed, takes nothing for kept back', async () => {
  const [provider, clock] = [newProvider(), manualClock()];
  const [ana, bob] = [device('ana', provider, clock), device('bob', provider, clock)];
  for (const each of [ana, bob]) put(each, 'gone');
  remove(ana, 'gone');
  await ana.engine.sync();
  provider.forget(ana.store.replicaUid);
  clock.advance(YEAR_MS);
  remove(bob, 'gone');
  await bob.engine.sync();
  provider.forget(bob.store.replicaUid);
  clock.advance(YEAR_MS);
  provider.compactTombstones();
  expect(tombstonesAt(provider)).toBe(0);
  await syncAll(ana, bob);
  expect([alarmOf(ana), alarmOf(bob)]).toEqual([null, null]);
});

test('starting afresh goes on where it was broken off, and drops nothing before it is through', async () => {
  const { clock, bob, ana } = await bobWasAway();
  clock.advance(YEAR_MS);
  for (let cut = 1; cut <= 4; cut++) {
    bob.network.faults = [...Array<'none'>(cut).fill('none'), 'lostReply'];
    await bob.engine.sync();
    bob.network.faults = [];
    expect(namesOn(bob)).toContain('kept');
  }
  await bob.engine.sync();
  expect([namesOn(bob), alarmOf(bob)]).toEqual([['kept'], null]);
  await syncAll(ana);
  expect(alarmOf(ana)).toBeNull();
});

test('a new device of an account that was compacted is content, and still finds out what is kept from it later', async () => {
  const { provider, clock, ana, carol } = await bobWasAway();
  const dave = device('dave', provider, clock);
  await syncAll(dave);
  expect([namesOn(dave), alarmOf(dave)]).toEqual([['kept'], null]);
  put(ana, 'another');
  put(dave, 'of-dave');
  await syncAll(ana, carol, dave, ana);
  for (const each of [ana, carol, dave]) expect([namesOn(each), alarmOf(each)]).toEqual([['another', 'kept', 'of-dave'], null]);
  put(ana, 'hidden');
  await ana.engine.sync();
  const hidden = dave.store.keys.opaqueDocumentId('identity:hidden' as never);
  const pull = provider.pull.bind(provider);
  dave.network.inner = Object.assign(Object.create(provider) as MemoryProvider, {
    info: () => provider.info(), push: provider.push.bind(provider),
    pull: async (request: Parameters<MemoryProvider['pull']>[0]) => {
      const page = await pull(request);
      return { ...page, items: page.items.filter(({ id }) => id !== hidden) };
    },
  });
  await dave.engine.sync();
  expect(alarmOf(dave)).toBe('withheld');
});

test('a document made anew after its tombstone was removed wins over the tombstone, whoever makes it', async () => {
  const { provider, clock, ana, carol } = await bobWasAway();
  const dave = device('dave', provider, clock);
  await syncAll(dave);
  put(dave, 'gone', 'by one who never knew it');
  await syncAll(dave, ana, carol, dave);
  expect([ana, carol, dave].map(alarmOf)).toEqual([null, null, 'withheld']);
  dave.engine.dismissAlarms();
  remove(carol, 'gone');
  await syncAll(dave, carol, ana, dave);
  provider.compactTombstones();
  expect(tombstonesAt(provider)).toBe(0);
  put(ana, 'gone', 'by one who deleted it');
  await syncAll(ana, carol, dave);
  for (const each of [ana, carol, dave]) expect([namesOn(each), alarmOf(each)]).toEqual([['by one who deleted it', 'kept'], null]);
});
