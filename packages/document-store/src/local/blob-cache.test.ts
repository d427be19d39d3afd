import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import type { BlobId } from '@paloma/shared-model';
import { BLOB_NAMESPACE, openBlobStore } from '../test/blob-worker.js';
import type { LocalDocumentStore } from './local-document-store.js';

const directory = temporaryDirectory();
const NOTHING_THERE = { fetchBlobPart: async () => null, downloadBlobs: async () => [] };
const nextTurns = async () => { for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve)); };

/** Blobs of 100 octets each that the provider has too, by name. */
function storeWith(path: string, names: readonly string[]): [LocalDocumentStore, Map<string, BlobId>] {
  const store = openBlobStore(path);
  const blobIds = new Map(names.map((name) => [name, store.putBlob(BLOB_NAMESPACE, Buffer.alloc(100, name))]));
  for (const blobId of blobIds.values()) store.blobs.move({ namespace: BLOB_NAMESPACE, blobId }, 'pendingUpload', 'synced');
  return [store, blobIds];
}

function here(store: LocalDocumentStore, blobIds: ReadonlyMap<string, BlobId>): string {
  return [...blobIds].filter(([, blobId]) => store.blobs.isHere({ namespace: BLOB_NAMESPACE, blobId })).map(([name]) => name).join('');
}

test('the least recently used are given up first; reads count, over a restart too', async () => {
  const path = join(directory, 'order.db');
  const [before, blobIds] = storeWith(path, ['a', 'b', 'c', 'd', 'e', 'f']);
  for (const name of ['b', 'a', 'e']) await before.getBlob(BLOB_NAMESPACE, blobIds.get(name)!);
  before.close();
  const store = openBlobStore(path);
  await store.getBlob(BLOB_NAMESPACE, blobIds.get('c')!);
  for (const [budget, left] of [[600, 'abcdef'], [599, 'abcef'], [400, 'abce'], [250, 'ce'], [99, '']] as const) {
    store.setBlobBudget(budget);
    await nextTurns();
    expect(here(store, blobIds)).toBe(left);
  }
  expect(store.blobStatus().current()).toMatchObject({ localBytes: 0, budgetBytes: 99, evicted: 6 });
  store.close();
});

test('a pinned blob stays whatever the budget, goes when it is unpinned, and may be pinned before it is here', async () => {
  const [store, blobIds] = storeWith(join(directory, 'pinned.db'), ['a', 'b']);
  const [a, b] = [...blobIds.values()] as [BlobId, BlobId];
  store.pinBlob(BLOB_NAMESPACE, a);
  store.evictBlob(BLOB_NAMESPACE, a);
  store.setBlobBudget(0);
  await nextTurns();
  expect(here(store, blobIds)).toBe('a');
  store.unpinBlob(BLOB_NAMESPACE, a);
  expect(here(store, blobIds)).toBe('');
  store.pinBlob(BLOB_NAMESPACE, b);
  expect(store.blobs.listPinnedAway(10)).toEqual([{ namespace: BLOB_NAMESPACE, blobId: b }]);
  store.close();
});

test('a budget that is lowered far is come down to in many turns, in which others have theirs', async () => {
  const path = join(directory, 'pages.db');
  const [store] = storeWith(path, Array.from({ length: 1000 }, (_, n) => `${n} `));
  store.setBlobBudget(0);
  expect(store.blobStatus().current().localBytes).toBeGreaterThan(0);
  await nextTurns();
  expect(store.blobStatus().current()).toMatchObject({ localBytes: 0, evicted: 1000 });
  store.close();
});

test('a store that is closed in mid-eviction is left alone, and goes on when it is opened', async () => {
  const path = join(directory, 'closed.db');
  const [store] = storeWith(path, Array.from({ length: 1000 }, (_, n) => `${n} `));
  store.useBlobSource(NOTHING_THERE);
  store.setBlobBudget(0);
  store.close();
  await nextTurns();
  const again = openBlobStore(path);
  expect(again.blobStatus().current().localBytes).toBeGreaterThan(0);
  again.setBlobBudget(0);
  await nextTurns();
  expect(again.blobStatus().current().localBytes).toBe(0);
  again.close();
});
