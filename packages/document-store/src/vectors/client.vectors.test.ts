// The clients of this package against a server that plays the answers of the vectors (packages/sync-protocol/vectors/README.md):
// what they ask, octet by octet, and what they make of what they are answered.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redacted, WIRE_ERRORS, type BlobId, type BlobNamespace, type ReplicaUid } from '@paloma/shared-model';
import type { BlobUpItem, ItemLease, PullRequest, PushItem, SettleRequest } from '@paloma/sync-protocol';
import { readSyncVectors, readVectorOctets, type VectorOctets } from '@paloma/test-kit';
import { HttpsSyncTransport } from '../provider/https-sync-transport.js';
import { IncomingBoxClient } from '../provider/incoming-box-client.js';
import { ProviderConnection } from '../provider/provider-connection.js';
import { VaultClient } from '../provider/vault-client.js';
import { StoreError } from '../store-error.js';

interface Exchanged {
  headers?: Record<string, string>;
  octets?: VectorOctets;
}
interface ClientVector {
  name: string;
  operation: keyof typeof OPERATIONS;
  arguments: Arguments;
  request: Exchanged & { method: string; path: string };
  answer: Exchanged & { status: number };
  outcome: { value?: unknown; error?: string; retryable?: boolean; retryAfterMs?: number };
}
/** What the operations of the vectors take, all together. */
interface Arguments extends SettleRequest, Omit<PullRequest, 'v'> {
  namespace: BlobNamespace;
  blobId: BlobId;
  blobIds: BlobId[];
  blobs: BlobUpItem[];
  items: (PushItem & ItemLease)[];
  sealed: Uint8Array;
  from: number;
  maxBytes: number;
  after: BlobId;
  vault: Uint8Array;
  replaced: string | null;
  replicaUid: ReplicaUid;
}

const { token, errors, vectors } = readSyncVectors<{ token: string; errors: { code: string; status: number; retryable: boolean }[]; vectors: ClientVector[] }>('client');

let played: ClientVector;
let asked: { request: IncomingMessage; octets: Uint8Array }[];
let connection: ProviderConnection;
const server = createServer((request, response) => {
  void Array.fromAsync(request as AsyncIterable<Buffer>).then((chunks) => {
    asked.push({ request, octets: new Uint8Array(Buffer.concat(chunks)) });
    const { status, headers = {}, octets = [] } = played.answer;
    response.writeHead(status, headers).end(readVectorOctets(octets));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  connection = new ProviderConnection({ apiUrl: `http://127.0.0.1:${port}` }).withSession(new Redacted(token));
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  await connection.close();
  await new Promise((resolve) => server.close(resolve));
});

const sync = () => new HttpsSyncTransport(connection);
const box = () => new IncomingBoxClient(connection);
/** Where an operation hands out items one by one: those that came, before it failed too. */
let handedOut: unknown[] | null;

const OPERATIONS = {
  info: () => sync().info(),
  push: ({ replicaUid, items }: Arguments) => sync().push(replicaUid, items),
  pull: (request: Arguments) => sync().pull(request),
  uploadBlobs: ({ namespace, blobs }: Arguments) => sync().uploadBlobs(namespace, blobs),
  downloadBlobs: ({ namespace, blobIds }: Arguments) => sync().downloadBlobs(namespace, blobIds),
  uploadBlob: ({ namespace, blobId, sealed }: Arguments) => sync().uploadBlob(namespace, blobId, sealed),
  hasBlob: ({ namespace, blobId }: Arguments) => sync().hasBlob(namespace, blobId),
  fetchBlob: ({ namespace, blobId }: Arguments) => sync().fetchBlob(namespace, blobId),
  fetchBlobPart: ({ namespace, blobId, from, maxBytes }: Arguments) => sync().fetchBlobPart(namespace, blobId, { from, maxBytes, signal: AbortSignal.timeout(5_000) }),
  deleteBlob: async ({ namespace, blobId }: Arguments) => (await sync().deleteBlob(namespace, blobId)) ?? null,
  listBlobs: ({ namespace, after, limit }: Arguments) => sync().listBlobs(namespace, { after, limit }),
  lease: ({ replicaUid, limit }: Arguments) => box().lease(replicaUid, limit),
  fetch: async ({ items }: Arguments) => {
    handedOut = [];
    for await (const item of box().fetch(items)) handedOut.push(item);
    return handedOut;
  },
  settle: (request: Arguments) => box().settle(request),
  getVault: async () => new VaultClient(connection).get(),
  putVault: ({ vault, replaced }: Arguments) => new VaultClient(connection).put(vault, replaced),
} satisfies Record<string, (given: Arguments) => Promise<unknown>>;

async function outcomeOf({ operation, arguments: given }: ClientVector): Promise<ClientVector['outcome']> {
  handedOut = null;
  try {
    return { value: await OPERATIONS[operation](given) };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { code, retryable, retryAfterMs } = error;
    return { ...(handedOut === null ? {} : { value: handedOut as unknown }), error: code, retryable, ...(retryAfterMs !== null && { retryAfterMs }) };
  }
}

test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', async (_name, vector) => {
  played = vector;
  expect(await outcomeOf(vector)).toEqual(vector.outcome);
  const { method, path, headers = {}, octets = [] } = vector.request;
  const [only, ...others] = asked;
  expect(others).toEqual([]);
  expect([only?.request.method, only?.request.url, only?.octets]).toEqual([method, path, readVectorOctets(octets)]);
  const named = Object.fromEntries(Object.keys(headers).map((name) => [name, only?.request.headers[name.toLowerCase()]]));
  expect({ ...named, authorization: only?.request.headers.authorization }).toEqual({ ...headers, authorization: `Bearer ${token}` });
});

test('the list of errors is that of the vectors', () => {
  expect(Object.entries(WIRE_ERRORS).map(([code, [status, retryable]]) => ({ code, status, retryable }))).toEqual(errors);
});
