import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { encodeCbor } from '@paloma/sync-protocol';
import { OK } from './status.js';

/** Answers with one CBOR item. */
export function sendCbor(response: Response, value: unknown): void {
  const octets = encodeCbor(value);
  response.status(OK).type('application/cbor').send(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength));
}

/** Answers with a stream, as fast as the client reads; when `chunks` fails the connection is cut, which the client notices. */
export async function sendStream(response: Response, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  response.status(OK).type('application/cbor-seq');
  await pipeline(Readable.from(chunks, { objectMode: false }), response);
}
