// A server that does nothing with what it gets: the other end of the loopback floor, in a thread of its own.
// POST: reads the body. GET /<octets>: so many octets.

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { cert, key } = workerData as { cert: string; key: string };

const server = createServer({ cert, key }, (request, response) => {
  if (request.method === 'GET') response.end(Buffer.alloc(Number(request.url!.slice(1))));
  else request.resume().on('end', () => response.end());
});
server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port));
