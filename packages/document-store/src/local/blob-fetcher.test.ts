import { expect, test } from '@jest/globals';
import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import type { BlobDownItem } from '@paloma/sync-protocol';
import { StoreError } from '../store-error.js';
import { BlobFetcher, type BlobSource, type FetchedBlob } from './blob-fetcher.js';

const mail = 'mail' as BlobNamespace;
const octetsOf = (blobId: BlobId) => new TextEncoder().encode(blobId);
const keepAll = (blobs: readonly FetchedBlob[]) => blobs.map(({ sealed }) => sealed ?? new StoreError('blobMissing', 'nowhere'));
const ids = Array.from({ length: 1000 }, (_, index) => `blob${index}` as BlobId);

/** A provider that answers each batch as told and remembers what it was asked for. */
function providerThat(answer: (id: BlobId) => BlobDownItem = (id) => ({ id, sealed: octetsOf(id) }) as BlobDownItem, batchBlobs = Infinity) {
  const requests: number[] = [];
  const source: BlobSource = {
    fetchBlob: async (_namespace, id) => {
      requests.push(1);
      return octetsOf(id);
    },
    downloadBlobs: async (_namespace, blobIds) => {
      requests.push(blobIds.length);
      return blobIds.slice(0, batchBlobs).map(answer);
    },
  };
  return { source, requests };
}

function fetcherOf(source: BlobSource, keep = keepAll): (id: BlobId, namespace?: BlobNamespace) => Promise<Uint8Array> {
  const fetcher = new BlobFetcher(keep);
  fetcher.useSource(source);
  return (blobId, namespace = mail) => fetcher.fetch({ namespace, blobId });
}

test('a thousand blobs asked for at once are few requests, and each is answered with its own octets', async () => {
  const { source, requests } = providerThat();
  const fetch = fetcherOf(source);
  expect(await Promise.all(ids.map((id) => fetch(id)))).toEqual(ids.map(octetsOf));
  expect(requests.length).toBeLessThan(20);
});

test('one blob is fetched alone; asked for twice it is fetched once, and again after that', async () => {
  const { source, requests } = providerThat();
  const fetch = fetcherOf(source);
  await Promise.all([fetch(ids[0]!), fetch(ids[0]!)]);
  expect(requests).toEqual([1]);
  await fetch(ids[0]!);
  expect(requests).toEqual([1, 1]);
});

test('what did not fit into a batch is asked for again; namespaces do not mix', async () => {
  const { source } = providerThat(undefined, 7);
  const fetch = fetcherOf(source, (blobs) => {
    expect(new Set(blobs.map(({ namespace }) => namespace)).size).toBe(1);
    return keepAll(blobs);
  });
  const asked = ids.slice(0, 100).map((id, index) => fetch(id, index % 2 ? mail : ('drafts' as BlobNamespace)));
  expect(await Promise.all(asked)).toEqual(ids.slice(0, 100).map(octetsOf));
});

test('a blob too large for a batch is fetched alone; one that is nowhere is missing; the others are not held up', async () => {
  const { source, requests } = providerThat((id) => (id === 'large' ? { id, tooLarge: true } : id === 'gone' ? { id, missing: true } : { id, sealed: octetsOf(id) }) as BlobDownItem);
  const fetch = fetcherOf(source);
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
  const bad = { ...source, downloadBlobs };
  const fetcher = new BlobFetcher(keepAll);
  const fetchAll = () => Promise.allSettled(ids.slice(0, 50).map((blobId) => fetcher.fetch({ namespace: mail, blobId })));
  fetcher.useSource(bad);
  for (const outcome of await fetchAll()) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'blobUnavailable' } });
  fetcher.useSource(source);
  for (const outcome of await fetchAll()) expect(outcome.status).toBe('fulfilled');
});

test('blobs that arrive after the store was closed are not kept', async () => {
  let answer = () => {};
  const source: BlobSource = { ...providerThat().source, fetchBlob: () => new Promise((resolve) => { answer = () => resolve(new Uint8Array()); }) };
  const fetcher = new BlobFetcher(() => { throw new Error('kept'); });
  fetcher.useSource(source);
  const fetched = fetcher.fetch({ namespace: mail, blobId: ids[0]! });
  await new Promise((resolve) => setImmediate(resolve));
  fetcher.useSource(null);
  answer();
  await expect(fetched).rejects.toMatchObject({ code: 'blobUnavailable' });
});
