import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { Redacted, parseBlobId, parseBlobNamespace, parseGeneration, parseOpaqueDocumentId, parseReplicaUid, parseRevision, parseTransactionId } from '@paloma/shared-model';
import { PULL_STREAM, encodeCbor, encodeStream } from '@paloma/sync-protocol';
import { HttpsSyncTransport } from './https-sync-transport.js';
import { ProviderConnection } from './provider-connection.js';

const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** A connection to a provider that answers every request alike. */
async function connectionTo(listener: RequestListener): Promise<ProviderConnection> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const connection = new ProviderConnection({ apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  closings.push(() => connection.close(), () => new Promise((resolve) => server.close(resolve)));
  return connection;
}

const NAMESPACE = parseBlobNamespace('attachments');
const BLOB = parseBlobId('B'.repeat(43));
const ANA = parseReplicaUid('A'.repeat(22));

test.each<[string, number, Record<string, string>, string, object]>([
  ['the provider\'s own code', 507, {}, '{"error":"quotaExceeded"}', { code: 'quotaExceeded', retryable: false }],
  ['when to come back', 429, { 'retry-after': '7' }, '{"error":"rateLimited"}', { code: 'rateLimited', retryable: true, retryAfterMs: 7000 }],
  ['an hour at most', 503, { 'retry-after': '999999' }, '{"error":"unavailable"}', { code: 'unavailable', retryAfterMs: 3_600_000 }],
  ['a gateway that is down', 502, {}, '<html>', { code: 'unavailable', retryable: true }],
  ['a page of a stranger, which is no "there is none"', 404, {}, '<html>', { code: 'malformedAnswer' }],
  ['a code that is not on the list', 400, {}, '{"error":"surprise"}', { code: 'malformedAnswer' }],
  ['a redirect, which is not followed', 302, { location: 'http://127.0.0.1:1/' }, '', { code: 'malformedAnswer' }],
])('an error answer tells %s', async (_name, status, headers, body, expected) => {
  const connection = await connectionTo((_request, response) => response.writeHead(status, headers).end(body));
  await expect(new HttpsSyncTransport(connection).fetchBlob(NAMESPACE, BLOB)).rejects.toMatchObject(expected);
});

test('a blob the provider says it does not have is null', async () => {
  const connection = await connectionTo((_request, response) => response.writeHead(404).end('{"error":"notFound"}'));
  expect(await new HttpsSyncTransport(connection).fetchBlob(NAMESPACE, BLOB)).toBeNull();
});

test('nobody listening is "unreachable", and so is an answer that breaks off', async () => {
  const connection = await connectionTo((request) => void request.socket.destroy());
  await expect(new HttpsSyncTransport(connection).info()).rejects.toMatchObject({ code: 'unreachable', retryable: true });
  const cut = await connectionTo((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('x', () => response.destroy());
  });
  await expect(new HttpsSyncTransport(cut).fetchBlob(NAMESPACE, BLOB)).rejects.toMatchObject({ code: 'unreachable' });
});

test('an answer over its bound is not read on', async () => {
  const connection = await connectionTo((_request, response) => response.writeHead(200).end(Buffer.alloc(2 * 1024 * 1024)));
  await expect(new HttpsSyncTransport(connection).info()).rejects.toMatchObject({ code: 'malformedAnswer' });
});

test('of a page that breaks off the complete items are kept, as far as they reach', async () => {
  const item = (n: number) => ({
    id: parseOpaqueDocumentId(String(n).padStart(32, '0')), revision: parseRevision(`${ANA}:1`), class: 0 as const, epoch: 1, tombstone: false,
    sealed: new Uint8Array(100), generation: parseGeneration(n),
  });
  const header = { count: 3, generation: parseGeneration(9), transactionId: parseTransactionId('T'.repeat(22)), through: parseGeneration(9) };
  const chunks = await Array.fromAsync(encodeStream(PULL_STREAM, header, [item(2), item(5), item(7)]));
  const whole = Buffer.concat(chunks);
  const pull = async (sentBytes: number) => {
    const connection = await connectionTo((_request, response) => response.writeHead(200).end(whole.subarray(0, sentBytes)));
    return new HttpsSyncTransport(connection).pull({ replicaUid: ANA, since: parseGeneration(0), classes: [0], limit: 10, known: null });
  };
  expect(await pull(whole.length)).toMatchObject({ items: [{}, {}, {}], through: 9 });
  expect(await pull(whole.length - 1)).toMatchObject({ items: [{}, {}, {}], through: 7 });
  expect(await pull(whole.length - 250)).toMatchObject({ items: [{ generation: 2 }, { generation: 5 }], through: 5 });
  await expect(pull(100)).rejects.toMatchObject({ code: 'malformedAnswer' });
});

test.each(["'); DROP TABLE blobs; --".padEnd(43, 'x'), 'B'.repeat(42), '../'.repeat(14).concat('x')])('a listing that names a blob %j is none', async (blobId) => {
  const connection = await connectionTo((_request, response) => response.writeHead(200).end(encodeCbor({ blobs: [{ blobId, sizeBytes: 1 }], more: false })));
  await expect(new HttpsSyncTransport(connection).listBlobs(NAMESPACE, {})).rejects.toMatchObject({ code: 'malformedAnswer' });
});

test('many octets go up in pieces, under their length: a slow line may take its time as long as pieces leave', async () => {
  const sentBytes: number[] = [];
  const note = (message: unknown): void => void sentBytes.push((message as { chunk: Uint8Array }).chunk.length);
  subscribe('undici:request:bodyChunkSent', note);
  closings.push(async () => void unsubscribe('undici:request:bodyChunkSent', note));
  let received: unknown;
  const connection = await connectionTo(async (request, response) => {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    received = { length, coding, body: Buffer.concat(await Array.fromAsync(request)) };
    response.writeHead(201).end();
  });
  const sealed = new Uint8Array(1_000_001).map((_, index) => index % 251);
  expect(await new HttpsSyncTransport(connection).uploadBlob(NAMESPACE, BLOB, sealed)).toBe('stored');
  expect(received).toEqual({ length: '1000001', coding: undefined, body: Buffer.from(sealed) });
  expect(Math.max(...sentBytes)).toBe(64 * 1024);
});

test('a provider that refuses many octets before it has read them is heard', async () => {
  const connection = await connectionTo((_request, response) => response.writeHead(401).end('{"error":"unauthorized"}'));
  const transport = new HttpsSyncTransport(connection);
  for (let attempt = 0; attempt < 5; attempt++) await expect(transport.uploadBlob(NAMESPACE, BLOB, new Uint8Array(20_000_000))).rejects.toMatchObject({ code: 'unauthorized' });
});

test('the session travels in the header alone, and only over https or to this machine', async () => {
  let authorization: string | undefined;
  const connection = await connectionTo((request, response) => {
    authorization = request.headers.authorization;
    response.writeHead(204).end();
  });
  await connection.withSession(new Redacted('secret-token')).send({ method: 'DELETE', path: '/v1/sessions/current' });
  expect(authorization).toBe('Bearer secret-token');
  expect(JSON.stringify(connection)).not.toContain('secret-token');
  expect(() => new ProviderConnection({ apiUrl: 'http://mail.example.org' })).toThrow(expect.objectContaining({ code: 'badRequest' }));
});
