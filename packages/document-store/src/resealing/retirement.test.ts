// An old storage root leaves the vault when nobody and nothing needs it any more, and not a moment earlier.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { manualClock, seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { parseBlobNamespace, type DeviceDocument } from '@paloma/shared-model';
import { StorageKeys, sealedBlobEpoch } from '@paloma/crypto/secret';
import { MAX_SET_ASIDE_ROWS } from '../local/set-aside-table.js';
import { openDocumentStore, type LocalDocumentStore } from '../local/local-document-store.js';
import { MemoryProvider } from '../provider/memory-provider.js';
import { SyncEngine } from '../sync/sync-engine.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { Resealing } from './resealing.js';
import { RETIREMENT_DELAY_MS, Retirement } from './retirement.js';

const DAY_MS = 24 * 60 * 60_000;
const MAIL = parseBlobNamespace('mail');
const ROOTS = new Map([[1, new Uint8Array(32).fill(1)], [2, new Uint8Array(32).fill(2)]]);
const AFTER_RETIREMENT = () => new StorageKeys(new Map([...ROOTS].slice(1)), new StorageKeys(ROOTS).names);
const directory = temporaryDirectory();
const stores: LocalDocumentStore[] = [];
let provider: MemoryProvider;
let clock: ReturnType<typeof manualClock>;
let laptop: Device;
let phone: Device;
let retired: number[];

type Device = ReturnType<typeof device>;

function device(name: string, keys: StorageKeys) {
  const random = seededRandom(name);
  const store = openDocumentStore({ path: join(mkdtempSync(join(directory, 'device-')), 'store.db'), databaseKey: keys.localDatabaseKey(), keys, accountId: EXAMPLE_ACCOUNT_ID, random });
  stores.push(store);
  const engine = new SyncEngine({ store, transport: provider, clock, random });
  const sync = () => engine.sync();
  const replacement = { replace: async (namespace: string, blobId: string, sealed: Uint8Array) => Boolean(provider.blobs.set(`${namespace}/${blobId}`, sealed)) };
  const parts = { store, transport: provider, replacement, namespaces: [MAIL], random, sync };
  const listReplicas = async () => [laptop, phone].map((each) => each.store.replicaUid);
  const retirement = new Retirement({ ...parts, clock, listReplicas, retireRootsBefore: async (epoch) => retired.push(epoch) > 0 });
  return { store, engine, sync, retirement, resealing: new Resealing(parts) };
}

/** The laptop has made epoch 2 and sealed everything anew; the phone has not heard of it. */
beforeEach(async () => {
  [provider, clock, retired] = [new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') }), manualClock(), []];
  const first = () => new StorageKeys(new Map([...ROOTS].slice(0, 1)));
  [laptop, phone] = [device('laptop', first()), device('phone', first())];
  for (const [index, each] of [laptop, phone].entries()) {
    write(each, `of-${index}`);
    await each.sync();
  }
  await laptop.sync();
  laptop.resealing.announce(2);
  laptop.store.keys.learn(ROOTS);
  expect(await laptop.resealing.resume()).toBe('done');
});
afterEach(() => stores.splice(0).forEach((store) => store.close()));

function write({ store }: Device, id: string): void {
  store.transact((transaction) => transaction.put('identity', id, { identityId: id, address: 'ana@example.org', name: id, textSignature: '' }));
  store.putBlob(MAIL, new Uint8Array(1000).fill(id.length));
}

/** The phone has learnt the new root and says so. */
async function phonePasses(keyEpoch = 2): Promise<void> {
  phone.store.keys.learn(ROOTS);
  const { replicaUid } = phone.store;
  phone.store.transact((transaction) => transaction.put('device', replicaUid, { replicaUid, name: 'phone', createdAtMs: 0, keyEpoch } satisfies DeviceDocument));
  await phone.sync();
  await laptop.sync();
}

const attempt = () => laptop.retirement.attempt();
async function attemptAfter(byMs: number) {
  clock.advance(byMs);
  return attempt();
}
const epochsAtProvider = () => [...new Set([...[...provider.documents.values()].map(({ epoch }) => epoch), ...[...provider.blobs.values()].map(sealedBlobEpoch)])];

test('a root is retired a month after the last device has passed it, and whoever is without it reads everything', async () => {
  expect(await attempt()).toBe('waiting');
  await phonePasses();
  expect([await attemptAfter(DAY_MS), await attemptAfter(RETIREMENT_DELAY_MS - DAY_MS), retired]).toEqual(['waiting', 'waiting', []]);
  expect([await attemptAfter(DAY_MS), retired, await attempt()]).toEqual(['done', [2], 'done']);
  const fresh = device('fresh', AFTER_RETIREMENT());
  expect(await fresh.sync()).toMatchObject({ setAside: 0, failure: null });
  expect(fresh.store.list('identity').map(({ content }) => content.name).sort()).toEqual(['of-0', 'of-1']);
  for (const { blobId } of (await provider.listBlobs(MAIL, {})).blobs) expect(await fresh.store.getBlob(MAIL, blobId)).toHaveLength(1000);
});

test('what another device wrote under the old root meanwhile is sealed anew first', async () => {
  write(phone, 'straggler');
  await phone.sync();
  await phonePasses();
  expect(epochsAtProvider().sort()).toEqual([1, 2]);
  await attemptAfter(DAY_MS);
  expect([await attemptAfter(RETIREMENT_DELAY_MS), retired]).toEqual(['waiting', []]);
  while (retired.length === 0) await attemptAfter(DAY_MS);
  expect(epochsAtProvider()).toEqual([2]);
  const fresh = device('fresh', AFTER_RETIREMENT());
  await fresh.sync();
  expect(fresh.store.get('identity', 'straggler')).not.toBeNull();
});

test.each<[string, () => Promise<void>]>([
  ['a device that has not said that it passed', async () => {}],
  ['a device that keeps something which needs the old root', () => phonePasses(1)],
  ['a vault that cannot be changed from here', async () => {
    await phonePasses();
    Object.assign(retired, { push: () => 0 });
  }],
  ['a rotation that is not finished', async () => {
    await phonePasses();
    laptop.resealing.announce(3);
  }],
])('%s holds it up for as long as it takes', async (_name, happen) => {
  await happen();
  for (let month = 0; month < 24; month++) expect(await attemptAfter(RETIREMENT_DELAY_MS)).toBe('waiting');
  expect([...retired]).toEqual([]);
});

test('the time begins anew when a device turns up that has not passed', async () => {
  await phonePasses();
  await attempt();
  const late = device('late', new StorageKeys(new Map([...ROOTS].slice(0, 1))));
  const together = phone;
  phone = late;
  expect(await attemptAfter(RETIREMENT_DELAY_MS)).toBe('waiting');
  phone = together;
  expect([await attemptAfter(DAY_MS), retired]).toEqual(['waiting', []]);
  expect(await attemptAfter(RETIREMENT_DELAY_MS)).toBe('done');
});

test('documents of a retired epoch, however many, are an alarm, stop no sync, and change nothing', async () => {
  const old = device('with the old root alone', new StorageKeys(new Map([...ROOTS].slice(0, 1))));
  const fresh = device('fresh', AFTER_RETIREMENT());
  await fresh.sync();
  const before = fresh.store.list('identity');
  old.store.transact((transaction) => {
    for (let n = 0; n < MAX_SET_ASIDE_ROWS + 50; n++) transaction.put('identity', `old-${n}`, { identityId: `old-${n}`, address: 'ana@example.org', name: 'x', textSignature: '' });
  });
  await old.sync();
  write(laptop, 'new');
  await laptop.sync();
  expect(await fresh.sync()).toMatchObject({ failure: null });
  expect(fresh.engine.status().current()).toMatchObject({ phase: 'alarm', alarm: 'retiredEpoch' });
  expect(fresh.engine.listSetAside()).toHaveLength(MAX_SET_ASIDE_ROWS);
  expect(fresh.store.list('identity').map(({ content }) => content.name)).toEqual([...before.map(({ content }) => content.name), 'new']);
  fresh.engine.dismissAlarms();
  expect(fresh.store.setAside.count()).toBe(0);
});
