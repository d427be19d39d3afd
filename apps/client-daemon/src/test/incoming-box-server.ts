// A box behind HTTP on loopback, as docs/protocol/sync.md §6 has it: what IncomingBoxClient talks to in tests.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { INCOMING_STREAM, decodeCbor, encodeCbor, encodeStream, incomingFetchRequest, leaseRequest, settleRequest, usersPaths } from '@paloma/sync-protocol';
import type { IncomingBox } from '../incoming/incoming-box.js';

export interface IncomingBoxServer {
  apiUrl: string;
  close(): Promise<void>;
}

export async function serveIncomingBox(box: IncomingBox): Promise<IncomingBoxServer> {
  const server = createServer((request, response) => void answer(box, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function answer(box: IncomingBox, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = new Uint8Array(Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)));
  switch (request.url) {
    case usersPaths.incomingLease: {
      const { replicaUid, limit } = decodeCbor(leaseRequest, body);
      return void response.end(encodeCbor({ items: await box.lease(replicaUid, limit) }));
    }
    case usersPaths.incomingFetch: {
      const { items } = decodeCbor(incomingFetchRequest, body);
      return void Readable.from(encodeStream(INCOMING_STREAM, { count: items.length }, box.fetch(items))).pipe(response);
    }
    case usersPaths.incomingSettle:
      return void response.end(encodeCbor(await box.settle(decodeCbor(settleRequest, body))));
    default:
      return void response.writeHead(404).end();
  }
}
