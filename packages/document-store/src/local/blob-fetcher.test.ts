import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import type { BlobDownItem } from '@paloma/sync-protocol';
import { StoreError } from '../store-error.js';
import { BLOB_PART_BYTES, type BlobPartRequest } from './blob-download.js';
import { BlobFetcher, type BlobFetcherParts, type BlobSource, type FetchedBlob } from './blob-fetcher.js';
import { URGENCY } from './blob-queue.js';
import { EncryptedDatabase } from './encrypted-database.js';
import { migrateSchema } from './schema-migrations.js';
import { UnfinishedDownloads } from './unfinished-downloads.js';

const mail = 'mail' as BlobNamespace;
const drafts = 'drafts' as BlobNamespace;
const database = new EncryptedDatabase(join(temporaryDirectory(), 'store.db'), new Uint8Array(32), 'aegis');
migrateSchema(database);
const octetsOf = (blobId: BlobId) => new TextEncoder().encode(blobId);
const keepAll = (blobs: readonly FetchedBlob[]) => blobs.map(({ sealed }) => sealed ?? new StoreError('blobMissing', 'nowhere'));
const ids = Array.from({ length: 1000 }, (_, index) => `blob${index}` as BlobId);
const nextTurns = async () => { for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve)); };

/** A provider that answers each batch as told and remembers what it was asked for. */
function providerThat(answer: (id: BlobId) => BlobDownItem = (id) => ({ id, sealed: octetsOf(id) }) as BlobDownItem, batchBlobs = Infinity) {
  const requests: number[] = [];
  const asked: BlobId[] = [];
  const source: BlobSource = {
    fetchBlobPart: async (_namespace, id, { from, maxBytes }) => {
      requests.push(1);
      asked.push(id);
      return { octets: octetsOf(id).slice(from, from + maxBytes), totalBytes: octetsOf(id).length };
    },
    downloadBlobs: async (_namespace, blobIds) => {
      requests.push(blobIds.length);
      asked.push(...blobIds);
      return blobIds.slice(0, batchBlobs).map(answer);
    },
  };
  return { source, requests, asked };
}

function newFetcher(source: BlobSource | null, parts: Partial<BlobFetcherParts> = {}): BlobFetcher {
  const fetcher = new BlobFetcher({
    unfinished: new UnfinishedDownloads(database), inTransaction: (work) => database.transaction(work, false),
    keep: keepAll, sizeOf: () => null, hasRoom: () => true, onChange: () => {}, ...parts,
  });
  fetcher.useSource(source);
  return fetcher;
}

function fetchingFrom(source: BlobSource, keep = keepAll): (id: BlobId, namespace?: BlobNamespace) => Promise<Uint8Array> {
  const fetcher = newFetcher(source, { keep });
  return (blobId, namespace = mail) => fetcher.fetch({ namespace, blobId });
}

test('a thousand blobs asked for at once are few requests, and each is answered with its own octets', async () => {
  const { source, requests } = providerThat();
  const fetch = fetchingFrom(source);
  expect(await Promise.all(ids.map((id) => fetch(id)))).toEqual(ids.map(octetsOf));
  expect(requests.length).toBeLessThan(20);
});

test('one blob is fetched alone; asked for twice it is fetched once, and again after that', async () => {
  const { source, requests } = providerThat();
  const fetch = fetchingFrom(source);
  await Promise.all([fetch(ids[0]!), fetch(ids[0]!)]);
  expect(requests).toEqual([1]);
  await fetch(ids[0]!);
  expect(requests).toEqual([1, 1]);
});

test('what did not fit into a batch is asked for again; namespaces do not mix', async () => {
  const { source } = providerThat(undefined, 7);
  const fetch = fetchingFrom(source, (blobs) => {
    expect(new Set(blobs.map(({ namespace }) => namespace)).size).toBe(1);
    return keepAll(blobs);
  });
  const asked = ids.slice(0, 100).map((id, index) => fetch(id, index % 2 ? mail : drafts));
  expect(await Promise.all(asked)).toEqual(ids.slice(0, 100).map(octetsOf));
});

test('a blob too large for a batch is fetched alone; one that is nowhere is missing; the others are not held up', async () => {
  const { source, requests } = providerThat((id) => (id === 'large' ? { id, tooLarge: true } : id === 'gone' ? { id, missing: true } : { id, sealed: octetsOf(id) }) as BlobDownItem);
  const fetch = fetchingFrom(source);
  const [large, gone, ...rest] = await Promise.allSettled(['large' as BlobId, 'gone' as BlobId, ...ids.slice(0, 10)].map((id) => fetch(id)));
  expect(large).toMatchObject({ status: 'fulfilled', value: octetsOf('large' as BlobId) });
  expect(gone).toMatchObject({ status: 'rejected', reason: { code: 'blobMissing' } });
  expect(rest.map(({ status }) => status)).toEqual(rest.map(() => 'fulfilled'));
  expect(requests).toContain(1);
});

test.each<[string, BlobSource['downloadBlobs']]>([
  ['fails', async () => { throw new StoreError('unreachable', 'no network'); }],
  ['answers nothing', async () => []],
  ['answers with other blobs', async (_namespace, blobIds) => blobIds.toReversed().map((id) => ({ id, sealed: octetsOf(id) }) as BlobDownItem)],
])('a provider that %s leaves blobs unavailable until it does better', async (_what, downloadBlobs) => {
  const { source } = providerThat();
  const fetcher = newFetcher({ ...source, downloadBlobs });
  const fetchAll = () => Promise.allSettled(ids.slice(0, 50).map((blobId) => fetcher.fetch({ namespace: mail, blobId })));
  for (const outcome of await fetchAll()) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'blobUnavailable' } });
  fetcher.useSource(source);
  for (const outcome of await fetchAll()) expect(outcome.status).toBe('fulfilled');
});

test('blobs that arrive after the store was closed are not kept', async () => {
  let answer = () => {};
  const source: BlobSource = { ...providerThat().source, fetchBlobPart: () => new Promise((resolve) => { answer = () => resolve({ octets: new Uint8Array(1), totalBytes: 1 }); }) };
  const fetcher = newFetcher(source, { keep: () => { throw new Error('kept'); } });
  const fetched = fetcher.fetch({ namespace: mail, blobId: ids[0]! });
  await nextTurns();
  fetcher.useSource(null);
  answer();
  await expect(fetched).rejects.toMatchObject({ code: 'blobUnavailable' });
});

/** A provider whose answers wait until they are let through, one by one. */
function slowProvider() {
  const { source, asked } = providerThat();
  const held: (() => void)[] = [];
  const release = () => held.splice(0).forEach((go) => go());
  const hold = () => new Promise<void>((resolve) => held.push(resolve));
  const slow: BlobSource = {
    fetchBlobPart: async (...request) => {
      const part = await source.fetchBlobPart(...request);
      await hold();
      return part;
    },
    downloadBlobs: async (...request) => {
      const items = await source.downloadBlobs(...request);
      await hold();
      return items;
    },
  };
  return { source: slow, asked, release };
}

test('a reader goes before what is pinned, that before what is fetched ahead, and the newest of that first', async () => {
  const { source, asked, release } = slowProvider();
  const fetcher = newFetcher(source, { sizeOf: () => BLOB_PART_BYTES + 1 });   // each goes alone
  const key = (blobId: string) => ({ namespace: mail, blobId: blobId as BlobId });
  for (const [index, name] of ['old', 'new', 'newer', 'newest'].entries()) fetcher.fetchAhead(key(name), URGENCY.ahead, index);
  fetcher.fetchAhead(key('pinned'), URGENCY.pin);
  await nextTurns();
  expect(asked).toEqual(['pinned', 'newest']);   // one place is kept for readers
  const read = Promise.all([fetcher.fetch(key('read')), fetcher.fetch(key('old'))]);
  await nextTurns();
  expect(asked.slice(2)).toEqual(['read']);
  for (let turn = 0; turn < 5; turn++) {
    release();
    await nextTurns();
  }
  expect(await read).toHaveLength(2);
  expect(asked.slice(3)).toEqual(['old', 'newer', 'new']);
});

test('what is fetched ahead is forgotten when there is no room, what is pinned is not', async () => {
  const { source, asked } = providerThat();
  const fetcher = newFetcher(source, { hasRoom: () => false });
  ids.slice(0, 5).forEach((blobId, index) => fetcher.fetchAhead({ namespace: mail, blobId }, URGENCY.ahead, index));
  fetcher.fetchAhead({ namespace: mail, blobId: ids[9]! }, URGENCY.pin);
  await nextTurns();
  expect(asked).toEqual([ids[9]]);
  expect(fetcher.progress()).toMatchObject({ queued: 0, underWay: 0 });
});

test('a reader that gives up is let go at once; a blob that nobody waits for any more is not asked for', async () => {
  const { source, asked, release } = slowProvider();
  const fetcher = newFetcher(source, { sizeOf: () => BLOB_PART_BYTES + 1 });
  const others = ids.slice(0, 3).map((blobId) => fetcher.fetch({ namespace: mail, blobId }));
  const [leaving, staying] = [new AbortController(), new AbortController()];
  const left = fetcher.fetch({ namespace: mail, blobId: ids[5]! }, leaving.signal);
  const alsoLeft = fetcher.fetch({ namespace: mail, blobId: ids[6]! }, leaving.signal);
  const stayed = fetcher.fetch({ namespace: mail, blobId: ids[6]! }, staying.signal);
  await nextTurns();
  leaving.abort(new Error('closed'));
  await expect(left).rejects.toThrow('closed');
  await expect(alsoLeft).rejects.toThrow('closed');
  release();
  await nextTurns();
  release();
  await Promise.all(others);
  expect(await stayed).toEqual(octetsOf(ids[6]!));
  expect(asked).toEqual([ids[0], ids[1], ids[2], ids[6]]);
  expect(fetcher.progress()).toMatchObject({ queued: 0, underWay: 0 });
});

/** A large blob whose parts come as told: each call of `fault` may throw before the answer. */
function largeBlob(sealed: () => Uint8Array, fault: (request: BlobPartRequest) => void | Promise<void> = () => {}) {
  const starts: number[] = [];
  const fetchBlobPart: BlobSource['fetchBlobPart'] = async (_namespace, _blobId, request) => {
    starts.push(request.from);
    await fault(request);
    request.signal.throwIfAborted();
    const whole = sealed();
    if (request.from >= whole.length) throw new StoreError('rangeNotSatisfiable', 'not that long');
    return { octets: whole.slice(request.from, request.from + request.maxBytes), totalBytes: whole.length };
  };
  return { source: { ...providerThat().source, fetchBlobPart }, starts };
}

const PARTS = [0, 1, 2, 3].map((part) => part * BLOB_PART_BYTES);
const large = (fill: number, parts = 4) => new Uint8Array(parts * BLOB_PART_BYTES - 1).fill(fill);

test('a download that is cut off goes on where it was, in another life of the program too', async () => {
  let requests = 0;
  const { source, starts } = largeBlob(() => large(1), () => { if (++requests === 3) throw new StoreError('unreachable', 'cut off'); });
  const key = { namespace: mail, blobId: 'cut' as BlobId };
  await expect(newFetcher(source).fetch(key)).rejects.toMatchObject({ code: 'blobUnavailable' });
  const again = newFetcher(source);
  expect(Buffer.compare(await again.fetch(key), large(1))).toBe(0);
  expect(starts).toEqual([...PARTS.slice(0, 3), ...PARTS.slice(2)]);
  expect(again.progress()).toEqual({ queued: 0, underWay: 0, receivedBytes: large(1).length, expectedBytes: large(1).length });
});

test('a large download ends between two parts when its last reader gives up, and goes on for the next one', async () => {
  const leaving = new AbortController();
  const { source, starts } = largeBlob(() => large(2), ({ from }) => {
    if (from !== PARTS[2] || leaving.signal.aborted) return;
    leaving.abort(new Error('closed'));
    return nextTurns();
  });
  const key = { namespace: mail, blobId: 'left' as BlobId };
  const fetcher = newFetcher(source);
  await expect(fetcher.fetch(key, leaving.signal)).rejects.toThrow('closed');
  await nextTurns();
  expect(Buffer.compare(await fetcher.fetch(key), large(2))).toBe(0);
  expect(starts).toEqual([...PARTS.slice(0, 3), ...PARTS.slice(2)]);
});

test.each([['of the same length', 4], ['shorter', 1], ['longer', 5]])('a blob sealed anew in mid-download, %s, is fetched from its beginning', async (_what, parts) => {
  const key = { namespace: mail, blobId: `resealed${parts}` as BlobId };
  let isCut = false;
  const cut = largeBlob(() => large(4), ({ from }) => { if ((isCut = from === PARTS[2])) throw new StoreError('unreachable', 'cut off'); });
  const keep = (blobs: readonly FetchedBlob[]) => blobs.map(({ sealed, ...blob }) => {
    const isWhole = new Set(sealed).size === 1;
    if (!isWhole) new UnfinishedDownloads(database).forget(blob);
    return isWhole ? sealed! : new StoreError('openFailed', 'two sealings');
  });
  await expect(newFetcher(cut.source, { keep }).fetch(key)).rejects.toMatchObject({ code: 'blobUnavailable' });
  expect(isCut).toBe(true);
  const anew = largeBlob(() => large(3, parts));
  expect(Buffer.compare(await newFetcher(anew.source, { keep }).fetch(key), large(3, parts))).toBe(0);
});

test('a provider that answers without end, or with nothing, is not believed', async () => {
  for (const [octets, totalBytes] of [[0, 10], [20, 10], [1, 2 ** 40]] as const) {
    const fetcher = newFetcher({ ...providerThat().source, fetchBlobPart: async () => ({ octets: new Uint8Array(octets), totalBytes }) });
    await expect(fetcher.fetch({ namespace: mail, blobId: 'odd' as BlobId })).rejects.toMatchObject({ code: 'blobUnavailable' });
  }
});
