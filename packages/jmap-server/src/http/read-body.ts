import type { IncomingMessage } from 'node:http';

/**
 * The whole body, or `null` when it is longer than `maxBytes`. The rest of a body that is too long is read and dropped,
 * so that the client gets to see the answer; how long that may take is bounded by the server's `requestTimeout`.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | null> {
  let chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) chunks = [];
    else chunks.push(chunk);
  }
  return sizeBytes > maxBytes ? null : Buffer.concat(chunks);
}
