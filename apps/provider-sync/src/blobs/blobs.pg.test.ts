import { expect, test } from '@jest/globals';
import { MAX_BLOB_BYTES, parseBlobId, parseBlobNamespace, type BlobId } from '@paloma/shared-model';
import {
  BLOB_STREAM_LIMITS, blobListAnswer, BLOBS_DOWN_STREAM, BLOBS_UP_STREAM, blobsUpAnswer, decodeCbor, encodeStream, infoAnswer, usersPaths, type BlobUpItem,
} from '@paloma/sync-protocol';
import { providerForTests } from '../test/provider-under-test.js';
import { decodeAnswer, jsonOf, octets, randomText, type Answer, type TestClient } from '../test/test-client.js';
import { MAX_ROW_BYTES } from './octets-at-rest.js';

const QUOTA_BYTES = 3 * 2 ** 20;
const provider = providerForTests();
const small = providerForTests({ quotaBytes: QUOTA_BYTES });
const mail = parseBlobNamespace('mail');
const newId = (): BlobId => parseBlobId(randomText(43));
const said = (answer: Answer) => [answer.status, jsonOf(answer)];
const pattern = (sizeBytes: number): Buffer => Buffer.alloc(sizeBytes, 'abcdefghijk');
const put = (client: TestClient, id: BlobId, body: Uint8Array) => client.users('PUT', usersPaths.blob(mail, id), { body });
const usedBytes = async (client: TestClient) => (await client.cbor(infoAnswer, 'GET', usersPaths.info)).usedBytes;

async function putBatch(client: TestClient, items: BlobUpItem[]) {
  const answer = await client.users('POST', usersPaths.blobsUp(mail), { body: encodeStream(BLOBS_UP_STREAM, { count: items.length }, items) });
  return decodeCbor(blobsUpAnswer, answer.body).outcomes;
}

async function getBatch(client: TestClient, ids: BlobId[]) {
  return decodeAnswer(await client.users('POST', usersPaths.blobsDown(mail), { cbor: { ids } }), BLOBS_DOWN_STREAM, BLOB_STREAM_LIMITS);
}

test.each([['kept in a row', 1000], ['of the largest row', MAX_ROW_BYTES], ['kept in a file', MAX_ROW_BYTES + 1], ['of many chunks', 3_000_000]])('a blob %s is stored once, read in whole and in part, and deleted', async (_name, sizeBytes) => {
  const client = await provider.client().signUp();
  const id = newId();
  const path = usersPaths.blob(mail, id);
  const body = pattern(sizeBytes);
  expect((await put(client, id, body)).status).toBe(201);
  expect((await put(client, id, octets('another'))).status).toBe(200);
  expect(await usedBytes(client)).toBe(sizeBytes);
  const whole = await client.users('GET', path);
  expect([whole.headers['content-type'], whole.body.equals(body)]).toEqual(['application/octet-stream', true]);
  const head = await client.users('HEAD', path);
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(sizeBytes), 0]);
  for (const [range, from, to] of [['bytes=0-9', 0, 9], ['bytes=990-', 990, sizeBytes - 1], ['bytes=-5', sizeBytes - 5, sizeBytes - 1]] as const) {
    const part = await client.users('GET', path, { headers: { range } });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes ${from}-${to}/${sizeBytes}`]);
    expect(part.body.equals(body.subarray(from, to + 1))).toBe(true);
  }
  const outside = await client.users('GET', path, { headers: { range: `bytes=${sizeBytes}-` } });
  expect([...said(outside), outside.headers['content-range']]).toEqual([416, { error: 'rangeNotSatisfiable' }, `bytes */${sizeBytes}`]);
  expect((await client.users('DELETE', path)).status).toBe(204);
  expect((await client.users('DELETE', path)).status).toBe(204);
  expect(said(await client.users('GET', path))).toEqual([404, { error: 'notFound' }]);
  expect((await client.users('HEAD', path)).status).toBe(404);
  expect(await usedBytes(client)).toBe(0);
});

test('a blob without a length, over the limit, or with a bad name is refused', async () => {
  const client = await provider.client().signUp();
  async function* chunked() {
    yield octets('x');
  }
  expect(said(await client.users('PUT', usersPaths.blob(mail, newId()), { body: chunked() }))).toEqual([400, { error: 'badRequest' }]);
  expect(said(await client.users('PUT', '/v1/blobs/mail/short', { body: octets('x') }))).toEqual([400, { error: 'badRequest' }]);
  expect(said(await client.users('PUT', `/v1/blobs/M..l/${newId()}`, { body: octets('x') }))).toEqual([400, { error: 'badRequest' }]);
  expect(said(await client.users('PUT', usersPaths.blob(mail, newId()), { body: new Uint8Array(MAX_BLOB_BYTES + 1) }))).toEqual([413, { error: 'tooLarge' }]);
});

test('blobs are listed by id, page by page, in their namespace alone', async () => {
  const client = await provider.client().signUp();
  const ids = Array.from({ length: 5 }, newId).sort();
  await putBatch(client, ids.map((id) => ({ id, sealed: octets(id) })));
  await client.users('PUT', usersPaths.blob(parseBlobNamespace('other'), newId()), { body: octets('x') });
  const list = (page: { after?: BlobId; limit?: number }) => client.cbor(blobListAnswer, 'GET', usersPaths.blobList(mail, page));
  expect(await list({})).toEqual({ blobs: ids.map((blobId) => ({ blobId, sizeBytes: 43 })), more: false });
  expect(await list({ limit: 2 })).toEqual({ blobs: ids.slice(0, 2).map((blobId) => ({ blobId, sizeBytes: 43 })), more: true });
  expect(await list({ after: ids[2]!, limit: 2 })).toEqual({ blobs: ids.slice(3).map((blobId) => ({ blobId, sizeBytes: 43 })), more: false });
  expect((await client.users('GET', `/v1/blobs/mail?limit=0`)).status).toBe(400);
});

test('a thousand small blobs go up in one request and down in another, with those that are missing', async () => {
  const client = await provider.client().signUp();
  const items = Array.from({ length: 1000 }, (_, index) => ({ id: newId(), sealed: pattern(2000 + index) as Uint8Array }));
  expect((await putBatch(client, items)).every(({ outcome }) => outcome === 'stored')).toBe(true);
  const missing = newId();
  const { header, items: down } = await getBatch(client, [missing, ...items.map(({ id }) => id)]);
  expect([header.through, header.count]).toEqual([1001, 1001]);
  expect(down[0]).toEqual({ id: missing, missing: true });
  expect(down.slice(1).every((item, index) => 'sealed' in item && item.id === items[index]!.id && Buffer.from(item.sealed).equals(Buffer.from(items[index]!.sealed)))).toBe(true);
});

test('each blob of a batch has its own outcome; the first of an id stays', async () => {
  const client = await provider.client().signUp();
  const [there, twice] = [newId(), newId()];
  await put(client, there, octets('first'));
  const items = [{ id: there, sealed: octets('second') }, { id: twice, sealed: octets('one') }, { id: twice, sealed: octets('two') }];
  expect((await putBatch(client, items)).map(({ outcome }) => outcome)).toEqual(['present', 'stored', 'present']);
  const { items: down } = await getBatch(client, [there, twice]);
  expect(down.map((item) => ('sealed' in item ? Buffer.from(item.sealed).toString() : null))).toEqual(['first', 'one']);
});

test('a batch down ends before it is too large and says how far it came; a blob larger than a batch is to be fetched alone', async () => {
  const client = await provider.client().signUp();
  const [huge, ...large] = Array.from({ length: 4 }, newId);
  await put(client, huge!, new Uint8Array(33 * 2 ** 20));
  for (const id of large) await put(client, id, new Uint8Array(12 * 2 ** 20));
  const first = await getBatch(client, [huge!, ...large]);
  expect([first.header.through, first.items[0], first.items.length]).toEqual([3, { id: huge, tooLarge: true }, 3]);
  expect((await getBatch(client, [large[2]!])).items).toHaveLength(1);
}, 60_000);

test('a batch that was cut off stores nothing', async () => {
  const client = await provider.client().signUp();
  const id = newId();
  const whole = Buffer.concat(await Array.fromAsync(encodeStream(BLOBS_UP_STREAM, { count: 1 }, [{ id, sealed: octets('x') }])));
  expect(said(await client.users('POST', usersPaths.blobsUp(mail), { body: whole.subarray(0, -1) }))).toEqual([400, { error: 'badRequest' }]);
  expect((await client.users('HEAD', usersPaths.blob(mail, id))).status).toBe(404);
});

test('what is over the quota is refused, one by one, and makes room when it is deleted', async () => {
  const client = await small.client().signUp();
  const [first, second, third] = [newId(), newId(), newId()];
  expect((await put(client, first, new Uint8Array(QUOTA_BYTES - 10))).status).toBe(201);
  expect(said(await put(client, second, new Uint8Array(2 ** 20)))).toEqual([507, { error: 'quotaExceeded' }]);
  const outcomes = await putBatch(client, [{ id: second, sealed: new Uint8Array(11) }, { id: third, sealed: new Uint8Array(10) }]);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['quotaExceeded', 'stored']);
  expect(await usedBytes(client)).toBe(QUOTA_BYTES);
  await client.users('DELETE', usersPaths.blob(mail, first));
  expect((await put(client, second, new Uint8Array(2 ** 20))).status).toBe(201);
});
