// The codec against the vectors that programs in other languages are held to (vectors/README.md).

import { expect, test } from '@jest/globals';
import { readSyncVectors, readVectorOctets, type VectorOctets } from '@paloma/test-kit';
import { z } from 'zod';
import { decodeCbor, encodeCbor } from './cbor.js';
import { decodeEvents } from './event-stream.js';
import * as protocol from './index.js';
import { ProtocolError } from './protocol-error.js';
import { decodeStream, type StreamLimits } from './stream/decode-stream.js';
import { encodeStream } from './stream/encode-stream.js';
import type { StreamHeader, StreamKind } from './stream/stream-kind.js';

interface Vector {
  name: string;
  octets: VectorOctets;
}
interface BodyVector extends Vector {
  message: string;
  value: unknown;
  /** Read alike, but not how it is written. */
  isLenient?: true;
}
interface StreamVector extends Vector {
  kind: keyof typeof STREAMS;
  header: StreamHeader;
  items: unknown[];
}
interface Tables {
  bodies: BodyVector[];
  streams: StreamVector[];
  invalidBodies: (Omit<BodyVector, 'value'> & { error: string })[];
  /** `error` is left out where only a provider refuses. */
  invalidStreams: (Pick<StreamVector, 'name' | 'octets' | 'kind'> & { error?: string; completeItems: number })[];
  eventStreams: (Vector & { events?: unknown[]; error?: string })[];
}

const vectors = readSyncVectors<Tables>('messages');

const STREAMS = {
  push: [protocol.PUSH_STREAM, protocol.DOCUMENT_STREAM_LIMITS], pull: [protocol.PULL_STREAM, protocol.DOCUMENT_STREAM_LIMITS],
  blobsUp: [protocol.BLOBS_UP_STREAM, protocol.BLOB_STREAM_LIMITS], blobsDown: [protocol.BLOBS_DOWN_STREAM, protocol.BLOB_STREAM_LIMITS],
  incoming: [protocol.INCOMING_STREAM, protocol.INCOMING_STREAM_LIMITS],
} as const satisfies Record<string, readonly [StreamKind, StreamLimits]>;

const byName = <Row extends Vector>(rows: readonly Row[]): [string, Row][] => rows.map((row) => [row.name, row]);

function schemaOf(message: string): z.ZodType {
  const schema = (protocol as Record<string, unknown>)[message];
  if (!(schema instanceof z.ZodType)) throw new Error(`no message is called ${message}`);
  return schema;
}

/** In chunks of an odd size, so that records cross them. */
async function* arriving(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < octets.length; position += 4099) yield octets.subarray(position, position + 4099);
}

async function readAll<Item>(source: AsyncIterable<Item>): Promise<{ items: Item[]; error: string | undefined }> {
  const items: Item[] = [];
  try {
    for await (const item of source) items.push(item);
    return { items, error: undefined };
  } catch (error) {
    if (error instanceof ProtocolError) return { items, error: error.code };
    throw error;
  }
}

function codeOf(read: () => unknown): string | undefined {
  try {
    return void read();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

test.each(byName(vectors.bodies))('body: %s', (_name, { message, octets, value, isLenient }) => {
  expect(decodeCbor(schemaOf(message), readVectorOctets(octets))).toEqual(value);
  if (!isLenient) expect(encodeCbor(value)).toEqual(readVectorOctets(octets));
});

test.each(byName(vectors.streams))('stream: %s', async (_name, { kind, octets, header, items }) => {
  const [streamKind, limits] = STREAMS[kind] as unknown as [StreamKind, StreamLimits];
  const stream = decodeStream(arriving(readVectorOctets(octets)), streamKind, limits);
  expect(await stream.header).toEqual(header);
  expect(await readAll(stream.items)).toEqual({ items, error: undefined });
  const { v: _v, kind: _kind, ...fields } = header;
  expect(new Uint8Array(Buffer.concat(await Array.fromAsync(encodeStream(streamKind, fields, items))))).toEqual(readVectorOctets(octets));
});

test.each(byName(vectors.invalidBodies))('no body: %s', (_name, { message, octets, error }) => {
  expect(codeOf(() => decodeCbor(schemaOf(message), readVectorOctets(octets)))).toBe(error);
});

test.each(byName(vectors.invalidStreams))('no stream: %s', async (_name, { kind, octets, error, completeItems }) => {
  const [streamKind, limits] = STREAMS[kind] as unknown as [StreamKind, StreamLimits];
  const read = await readAll(decodeStream(arriving(readVectorOctets(octets)), streamKind, limits).items);
  expect([read.error, read.items.length]).toEqual([error, completeItems]);
});

test.each(byName(vectors.eventStreams))('events: %s', async (_name, { octets, events, error }) => {
  const read = await readAll(decodeEvents(arriving(readVectorOctets(octets))));
  expect(read.error).toBe(error);
  if (events) expect(read.items).toEqual(events);
});
