// The users' API over plain HTTP on loopback, with one memory provider behind it and its accounts in memory: the other end of
// the wire for tests of this package. The real one is provider-sync; both run the contract of the transport.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { WIRE_ERRORS, isWireErrorCode, type BlobId, type BlobNamespace, type WireErrorCode } from '@paloma/shared-model';
import {
  BLOBS_DOWN_STREAM, BLOBS_UP_STREAM, BLOB_STREAM_LIMITS, DOCUMENT_STREAM_LIMITS, PULL_STREAM, PUSH_STREAM, blobsDownRequest, decodeCbor, decodeStream,
  encodeCbor, encodeStream, formatEvent, pullRequest, type StreamKind, type StreamLimits,
} from '@paloma/sync-protocol';
import type { MemoryProvider } from '../provider/memory-provider.js';
import { StoreError } from '../store-error.js';
import type { MemoryAccounts } from './memory-accounts.js';

export interface MemoryServer {
  apiUrl: string;
  server: Server;
  close(): Promise<void>;
}

type Reply = { status: number; body?: Uint8Array | AsyncIterable<Uint8Array> | string; headers?: Record<string, string> };
type Route = [method: string, path: RegExp, answer: (request: IncomingMessage, parameters: string[]) => Promise<Reply>];

export async function memoryServer(provider: MemoryProvider, accounts: MemoryAccounts | null = null): Promise<MemoryServer> {
  const routes = [...syncRoutes(provider), ...(accounts?.routes() ?? [])];
  const server = createServer((request, response) => void answer(request, response, provider, routes));
  // As provider-sync: longer than a client keeps an idle connection, also while a passphrase is stretched between two requests.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`, server, close };
}

async function answer(request: IncomingMessage, response: ServerResponse, provider: MemoryProvider, routes: readonly Route[]): Promise<void> {
  const path = (request.url ?? '').replace(/^\/base/, '');
  if (path === '/v1/events') return streamEvents(response, provider);
  try {
    const [reply] = await Promise.all(routes.flatMap(([method, pattern, handle]) => {
      const match = method === request.method ? pattern.exec(path) : null;
      return match ? [handle(request, match.slice(1).map(decodeURIComponent))] : [];
    }));
    send(response, reply ?? refusal('badRequest'));
  } catch (error) {
    send(response, refusal(error instanceof StoreError && isWireErrorCode(error.code) ? error.code : 'badRequest'));
  }
}

export function refusal(code: WireErrorCode): Reply {
  return { status: WIRE_ERRORS[code][0], body: JSON.stringify({ error: code }) };
}

function send(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  response.writeHead(status, headers);
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) response.end(body);
  else Readable.from(body).pipe(response);
}

function streamEvents(response: ServerResponse, provider: MemoryProvider): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.once('close', provider.subscribe((event) => void response.write(formatEvent(event))));
}

export async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}

async function streamOf<Kind extends StreamKind>(request: IncomingMessage, kind: Kind, limits: StreamLimits) {
  const stream = decodeStream(request, kind, limits);
  const items = [];
  for await (const item of stream.items) items.push(item);
  return { header: await stream.header, items };
}

function cbor(value: unknown): Reply {
  return { status: 200, body: encodeCbor(value) };
}

/** RFC 9110 §14.1.2, the form with a first and a last octet. */
function partOf(octets: Uint8Array, range: string | undefined): Reply {
  const [, first, last] = (/^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []).map(Number);
  if (first === undefined || last === undefined) return { status: 200, body: octets };
  if (first >= octets.length) return refusal('rangeNotSatisfiable');
  const body = octets.slice(first, last + 1);
  return { status: 206, body, headers: { 'content-range': `bytes ${first}-${first + body.length - 1}/${octets.length}` } };
}

function replaceBlob(provider: MemoryProvider, name: string, sealed: Uint8Array): Reply {
  if (!provider.blobs.has(name)) return refusal('preconditionFailed');
  provider.blobs.set(name, sealed);
  return { status: 200 };
}

function syncRoutes(provider: MemoryProvider): Route[] {
  return [
    ['GET', /^\/v1\/sync\/info$/, async () => cbor(await provider.info())],
    ['POST', /^\/v1\/sync\/push$/, async (request) => {
      const { header, items } = await streamOf(request, PUSH_STREAM, DOCUMENT_STREAM_LIMITS);
      return cbor(await provider.push(header.replicaUid, items));
    }],
    ['POST', /^\/v1\/sync\/pull$/, async (request) => {
      const { items, ...head } = await provider.pull(decodeCbor(pullRequest, await bodyOf(request)));
      return { status: 200, body: encodeStream(PULL_STREAM, { ...head, count: items.length }, items) };
    }],
    ['POST', /^\/v1\/blobs\/([^/]+)\/batch-up$/, async (request, [namespace]) => {
      const { items } = await streamOf(request, BLOBS_UP_STREAM, BLOB_STREAM_LIMITS);
      return cbor({ outcomes: await provider.uploadBlobs(namespace as BlobNamespace, items) });
    }],
    ['POST', /^\/v1\/blobs\/([^/]+)\/batch-down$/, async (request, [namespace]) => {
      const items = await provider.downloadBlobs(namespace as BlobNamespace, decodeCbor(blobsDownRequest, await bodyOf(request)).ids);
      return { status: 200, body: encodeStream(BLOBS_DOWN_STREAM, { count: items.length, through: items.length }, items) };
    }],
    ['PUT', /^\/v1\/blobs\/([^/]+)\/([^/?]+)$/, async (request, [namespace, blobId]) => {
      if (request.headers['if-match'] === '*') return replaceBlob(provider, `${namespace}/${blobId}`, await bodyOf(request));
      const outcome = await provider.uploadBlob(namespace as BlobNamespace, blobId as BlobId, await bodyOf(request));
      return { status: outcome === 'stored' ? 201 : 200 };
    }],
    ['HEAD', /^\/v1\/blobs\/([^/]+)\/([^/?]+)$/, async (_request, [namespace, blobId]) =>
      ({ status: (await provider.hasBlob(namespace as BlobNamespace, blobId as BlobId)) ? 200 : 404 })],
    ['GET', /^\/v1\/blobs\/([^/]+)\/([^/?]+)$/, async (request, [namespace, blobId]) => {
      const sealed = await provider.fetchBlob(namespace as BlobNamespace, blobId as BlobId);
      return sealed ? partOf(sealed, request.headers.range) : refusal('notFound');
    }],
    ['DELETE', /^\/v1\/blobs\/([^/]+)\/([^/?]+)$/, async (_request, [namespace, blobId]) => {
      await provider.deleteBlob(namespace as BlobNamespace, blobId as BlobId);
      return { status: 204 };
    }],
    ['GET', /^\/v1\/blobs\/([^/?]+)(\?.*)?$/, async (_request, [namespace, query]) => {
      const search = new URLSearchParams(query === 'undefined' ? '' : query);
      const after = (search.get('after') ?? '') as BlobId;
      return cbor(await provider.listBlobs(namespace as BlobNamespace, { after, limit: Number(search.get('limit') ?? 1000) }));
    }],
  ];
}
