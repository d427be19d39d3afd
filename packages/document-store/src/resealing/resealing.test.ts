import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { manualClock, seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { parseBlobNamespace } from '@paloma/shared-model';
import { StorageKeys, sealedBlobEpoch } from '@paloma/crypto/secret';
import { openDocumentStore, type LocalDocumentStore } from '../local/local-document-store.js';
import { MemoryProvider } from '../provider/memory-provider.js';
import { StoreError } from '../store-error.js';
import { SyncEngine } from '../sync/sync-engine.js';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { contentsOf } from '../test/example-device.js';
import { Resealing } from './resealing.js';

const directory = temporaryDirectory();
const NAMESPACES = ['mail', 'outbox'].map(parseBlobNamespace);
const DOCUMENTS = 450;
const [FIRST, SECOND] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const stores: LocalDocumentStore[] = [];
afterEach(() => stores.splice(0).forEach((store) => store.close()));

/** A device whose store is at `path`; opened again it is the same device after a crash. */
function open(path: string, provider: MemoryProvider, epochs = 1) {
  const keys = new StorageKeys(new Map([[1, FIRST], ...(epochs > 1 ? [[2, SECOND] as const] : [])]));
  const random = seededRandom(path);
  const store = openDocumentStore({ path, databaseKey: keys.localDatabaseKey(), keys, accountId: EXAMPLE_ACCOUNT_ID, random });
  stores.push(store);
  const engine = new SyncEngine({ store, transport: provider, clock: manualClock(), random });
  const replaced: string[] = [];
  const replacement = {
    replace: async (namespace: string, blobId: string, sealed: Uint8Array) => {
      replaced.push(blobId);
      provider.blobs.set(`${namespace}/${blobId}`, sealed);
      return true;
    },
  };
  const parts = { store, transport: provider, replacement, namespaces: NAMESPACES, random, sync: () => engine.sync() };
  return { store, engine, keys, replaced, parts, resealing: new Resealing(parts) };
}

const identitiesOf = (store: LocalDocumentStore): string[] => contentsOf(store).filter((line) => line.startsWith('identity:'));
const pathOf = (): string => join(mkdtempSync(join(directory, 'device-')), 'store.db');
const documentEpochs = (provider: MemoryProvider): number[] => [...new Set([...provider.documents.values()].map(({ epoch }) => epoch))];
const blobEpochs = (provider: MemoryProvider): (number | null)[] => [...new Set([...provider.blobs.values()].map(sealedBlobEpoch))];

async function filled(path: string, provider: MemoryProvider) {
  const device = open(path, provider);
  device.store.transact((transaction) => {
    for (let n = 0; n < DOCUMENTS; n++) transaction.put('identity', `i${n}`, { identityId: `i${n}`, address: 'ana@example.org', name: `n${n}`, textSignature: '' });
    transaction.delete('identity', 'i7');
    for (const namespace of NAMESPACES) for (let n = 0; n < 5; n++) device.store.putBlob(namespace, new Uint8Array(1000).fill(n));
  });
  await device.engine.sync();
  return device;
}

const newProvider = () => new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });

test('every document, tombstone and blob ends under the new root, and reads as before, with no edit made', async () => {
  const provider = newProvider();
  const device = await filled(pathOf(), provider);
  const before = identitiesOf(device.store);
  device.resealing.announce(2);
  device.keys.learn(new Map([[1, FIRST], [2, SECOND]]));
  expect(device.resealing.progress()).toEqual({ epoch: 2, phase: 'documents', done: 0, total: expect.any(Number) });
  expect(await device.resealing.resume()).toBe('done');
  expect([documentEpochs(provider), blobEpochs(provider), device.resealing.progress()]).toEqual([[2], [2], null]);
  expect(identitiesOf(device.store)).toEqual(before);
  const other = open(pathOf(), provider, 2);
  expect(await other.engine.sync()).toMatchObject({ setAside: 0, failure: null });
  expect(identitiesOf(other.store)).toEqual(before);
  const { blobs } = await provider.listBlobs(NAMESPACES[0]!, { limit: 1 });
  expect(await other.store.getBlob(NAMESPACES[0]!, blobs[0]!.blobId)).toHaveLength(1000);
});

test('it goes on after a crash where it was: in the documents, and in the blobs', async () => {
  const [provider, path] = [newProvider(), pathOf()];
  const device = await filled(path, provider);
  device.resealing.announce(2);
  device.keys.learn(new Map([[1, FIRST], [2, SECOND]]));
  let groups = 0;
  const lost = new Resealing({ ...device.parts, sync: () => (++groups > 1 ? new Promise(() => {}) : device.engine.sync()) });
  void lost.resume();
  while (groups < 2) await new Promise(setImmediate);
  expect(documentEpochs(provider).sort()).toEqual([1, 2]);
  stores.splice(0).forEach((store) => store.close());

  const second = open(path, provider, 2);
  expect(second.resealing.progress()).toEqual({ epoch: 2, phase: 'documents', done: 400, total: expect.any(Number) });
  let blobs = 0;
  const failing = { ...second.parts, replacement: { replace: async (...args: Parameters<typeof second.parts.replacement.replace>) => {
    if (++blobs > 7) throw new StoreError('unreachable', 'killed');
    return second.parts.replacement.replace(...args);
  } } };
  await expect(new Resealing(failing).resume()).rejects.toMatchObject({ code: 'unreachable' });
  expect([documentEpochs(provider), blobEpochs(provider).length, second.resealing.progress()]).toEqual([[2], 2, expect.objectContaining({ phase: 'blobs' })]);
  stores.splice(0).forEach((store) => store.close());

  const third = open(path, provider, 2);
  expect(await third.resealing.resume()).toBe('done');
  expect([third.replaced.length, blobEpochs(provider), third.resealing.progress()]).toEqual([3, [2], null]);
});

test('stopping it settles also when the step under way fails, as it does when the connection is closed', async () => {
  const device = await filled(pathOf(), newProvider());
  device.resealing.announce(2);
  device.keys.learn(new Map([[1, FIRST], [2, SECOND]]));
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<never>();
  const fetchBlob = (): Promise<never> => {
    asked.resolve();
    return answer.promise;
  };
  const failing = new Resealing({ ...device.parts, transport: { listBlobs: (...page) => device.parts.transport.listBlobs(...page), fetchBlob } });
  const outcome = failing.resume().catch((error: StoreError) => error.code);
  await asked.promise;
  const stopped = failing.stop();
  answer.reject(new StoreError('unreachable', 'the connection is closed'));
  expect([await stopped, await outcome]).toEqual([undefined, 'unreachable']);
});

test('a rotation that was announced and never made leaves nothing to do', async () => {
  const device = await filled(pathOf(), newProvider());
  device.resealing.announce(2);
  expect([await device.resealing.resume(), device.resealing.progress()]).toEqual(['waiting', expect.objectContaining({ epoch: 2 })]);
  const afterCrash = new Resealing(device.parts);
  expect([await afterCrash.resume(), afterCrash.progress(), device.store.documents.countDirty()]).toEqual(['done', null, 0]);
  device.resealing.announce(2);
  device.resealing.withdraw();
  expect(device.resealing.progress()).toBeNull();
});
