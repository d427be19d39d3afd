// A provider that lies. Each attack is one that worked on the predecessor; none may change what the device holds, each must
// be an alarm, and none may stop the documents that are in order.

import { afterEach, expect, test } from '@jest/globals';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { parseGeneration, parseReplicaUid, parseRevision, parseTransactionId, type IdentityDocument } from '@paloma/shared-model';
import type { PushItem } from '@paloma/sync-protocol';
import { MemoryProvider } from '../provider/memory-provider.js';
import { encodeContent } from '../local/document-content.js';
import { EXAMPLE_ACCOUNT_ID, exampleKeys } from '../test/example-account.js';
import { exampleDevice, type ExampleDevice } from '../test/example-device.js';
import { sealItem } from './sealed-item.js';

const directory = temporaryDirectory();
const devices: ExampleDevice[] = [];
afterEach(() => devices.splice(0).forEach(({ store }) => store.close()));

const STRANGER = parseReplicaUid('S'.repeat(22));
const identity = (name: string): IdentityDocument => ({ identityId: 'i', address: 'ana@example.org', name, textSignature: '' });
const put = ({ store }: ExampleDevice, id: string, name: string) => store.transact((transaction) => transaction.put('identity', id, identity(name)));
const namesOn = ({ store }: ExampleDevice) => store.list('identity').map(({ content }) => content.name).sort();

interface Scene {
  provider: MemoryProvider;
  ana: ExampleDevice;
  bob: ExampleDevice;
  /** What the provider holds of Ana's documents. */
  item(id: string): PushItem;
}

async function twoDevicesInStep(): Promise<Scene> {
  const provider = new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });
  const [ana, bob] = ['ana', 'bob'].map((name) => exampleDevice(name, directory, provider)) as [ExampleDevice, ExampleDevice];
  devices.push(ana, bob);
  put(ana, 'a', 'Ana');
  put(ana, 'b', 'Bea');
  await ana.engine.sync();
  await bob.engine.sync();
  const item = (id: string): PushItem => provider.documents.get(ana.store.keys.opaqueDocumentId(`identity:${id}` as never))!;
  return { provider, ana, bob, item };
}

const nextOf = (item: PushItem) => parseRevision(`${item.revision.split('|').filter((part) => !part.startsWith(STRANGER)).join('|')}|${STRANGER}:1`.split('|').sort().join('|'));
const plaintext = encodeContent({ id: 'identity:a', type: 'identity', schemaVersion: 1, content: identity('Mallory') });

const attacks: [string, string, (scene: Scene) => PushItem][] = [
  ['a flipped bit', 'openFailed', ({ item }) => ({ ...item('a'), revision: nextOf(item('a')), sealed: flipped(item('a').sealed, 20) })],
  ['an old state under a new revision', 'openFailed', ({ item }) => ({ ...item('a'), revision: nextOf(item('a')) })],
  ['another document under this id', 'openFailed', ({ item }) => ({ ...item('b'), id: item('a').id, revision: nextOf(item('a')) })],
  ['plaintext instead of sealed content', 'openFailed', ({ item }) => ({ ...item('a'), revision: nextOf(item('a')), sealed: new Uint8Array(plaintext) })],
  ['an invented document', 'openFailed', ({ item }) => ({ ...item('a'), id: 'I'.repeat(32) as PushItem['id'], sealed: new Uint8Array(100) })],
  ['an unsealed tombstone', 'openFailed', ({ item }) => ({ ...item('a'), revision: nextOf(item('a')), tombstone: true, sealed: new Uint8Array(0) })],
  ['sealed content passed off as a tombstone', 'openFailed', ({ item }) => ({ ...item('a'), tombstone: true, revision: nextOf(item('a')) })],
  ['another key epoch', 'openFailed', ({ item }) => ({ ...item('a'), epoch: 2, revision: nextOf(item('a')) })],
  ['another class', 'openFailed', ({ item }) => ({ ...item('a'), class: 2, revision: nextOf(item('a')) })],
];

function flipped(octets: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(octets);
  copy[at]! ^= 1;
  return copy;
}

test.each(attacks)('%s is an alarm, is not stored and stops nothing', async (_name, reason, forge) => {
  const scene = await twoDevicesInStep();
  const { ana, bob, provider } = scene;
  provider.insert(forge(scene), STRANGER);
  put(ana, 'c', 'Cleo');
  await ana.engine.sync();
  const report = await bob.engine.sync();
  expect(report).toMatchObject({ setAside: 1, pulled: 1, failure: null });
  expect(namesOn(bob)).toEqual(['Ana', 'Bea', 'Cleo']);
  expect(bob.engine.listSetAside()).toMatchObject([{ reason }]);
  expect(bob.engine.status().current()).toMatchObject({ phase: 'alarm', alarm: reason });
  expect(bob.store.setAside.loadItem(bob.engine.listSetAside()[0]!)?.sealed).toBeInstanceOf(Uint8Array);
});

test('a state sealed under another id, by a device gone wrong, is an alarm', async () => {
  const { ana, bob, provider, item } = await twoDevicesInStep();
  const row = { ...ana.store.documents.find('identity:a' as never)!, revision: nextOf(item('b')) };
  const keys = Object.assign(exampleKeys(), { opaqueDocumentId: () => item('b').id });
  provider.insert(sealItem(row, { keys, accountId: EXAMPLE_ACCOUNT_ID }, seededRandom('x')), STRANGER);
  await bob.engine.sync();
  expect([bob.engine.listSetAside(), namesOn(bob)]).toMatchObject([[{ reason: 'idMismatch' }], ['Ana', 'Bea']]);
});

test('content that breaks its schema is set aside with its octets', async () => {
  const { ana, bob, provider, item } = await twoDevicesInStep();
  const row = { ...ana.store.documents.find('identity:a' as never)!, revision: nextOf(item('a')), content: encodeContent({ name: 7 }) };
  provider.insert(sealItem(row, ana.store, seededRandom('x')), STRANGER);
  await bob.engine.sync();
  expect([bob.engine.listSetAside(), namesOn(bob)]).toMatchObject([[{ reason: 'invalidContent' }], ['Ana', 'Bea']]);
});

test('a document rolled back to an older state is an alarm, and the newer state goes up again', async () => {
  const { ana, bob, provider, item } = await twoDevicesInStep();
  const old = { ...item('a') };
  put(ana, 'a', 'Ana Maria');
  await ana.engine.sync();
  await bob.engine.sync();
  provider.insert(old, STRANGER);
  expect(await bob.engine.sync()).toMatchObject({ setAside: 1, pushed: 1 });
  expect([bob.engine.listSetAside(), namesOn(bob)]).toMatchObject([[{ reason: 'rolledBack' }], ['Ana Maria', 'Bea']]);
  expect(item('a').revision).toBe(bob.store.get('identity', 'a')!.revision);
});

test('an alarm stays until it is dismissed, over a restart of the engine too', async () => {
  const { bob, provider, item } = await twoDevicesInStep();
  provider.insert({ ...item('a'), revision: nextOf(item('a')) }, STRANGER);
  await bob.engine.sync();
  await bob.engine.sync();
  const [alarm] = bob.engine.listSetAside();
  expect(bob.engine.status().current().alarm).toBe('openFailed');
  bob.engine.dismissSetAside(alarm!.opaqueId, alarm!.revision);
  await bob.engine.sync();
  expect(bob.engine.status().current()).toMatchObject({ phase: 'idle', alarm: null });
});

test('more documents that do not open than a device keeps stop the pull', async () => {
  const { bob, provider, item } = await twoDevicesInStep();
  for (let n = 0; n < 501; n++) provider.insert({ ...item('a'), id: `I${String(n).padStart(31, '0')}` as PushItem['id'] }, STRANGER);
  expect((await bob.engine.sync()).failure).toMatchObject({ code: 'tooManySetAside' });
  expect(bob.engine.listSetAside().length).toBeLessThanOrEqual(500);
});

test('a provider restored from a backup is an alarm; once accepted, what it lost goes up again', async () => {
  const { ana, bob, provider } = await twoDevicesInStep();
  const backup = [provider.generation, [...provider.documents.values()]] as const;
  put(ana, 'c', 'Cleo');
  await ana.engine.sync();
  await bob.engine.sync();
  provider.restore(...backup);
  expect((await ana.engine.sync()).failure).toMatchObject({ code: 'generationUnknown' });
  expect(ana.engine.status().current()).toMatchObject({ phase: 'alarm', alarm: 'providerRestored' });
  ana.engine.acceptRestoredProvider();
  expect(await ana.engine.sync()).toMatchObject({ pushed: 1, failure: null, setAside: 0 });
  expect((await bob.engine.sync()).failure).toMatchObject({ code: 'transactionMismatch' });
  bob.engine.acceptRestoredProvider();
  expect(await bob.engine.sync()).toMatchObject({ pushed: 0, failure: null });
  expect(namesOn(bob)).toEqual(['Ana', 'Bea', 'Cleo']);
});

test('a log that went back is noticed also when the provider does not admit it', async () => {
  const { ana, provider } = await twoDevicesInStep();
  const backup = [provider.generation, [...provider.documents.values()]] as const;
  put(ana, 'c', 'Cleo');
  await ana.engine.sync();
  provider.restore(...backup);
  const pull = provider.pull.bind(provider);
  provider.pull = (request) => pull({ ...request, known: null });
  expect((await ana.engine.sync()).failure).toMatchObject({ code: 'transactionMismatch' });
  expect(ana.engine.status().current().alarm).toBe('providerRestored');
});

test('a provider that answers in circles is an error, not an endless sync', async () => {
  const { bob, provider } = await twoDevicesInStep();
  provider.pull = async ({ since }) => ({ items: [], generation: parseGeneration(99), transactionId: parseTransactionId('T'.repeat(22)), through: since });
  expect((await bob.engine.sync()).failure).toMatchObject({ code: 'malformedAnswer' });
});
