// Request bodies: bounded before they are read, checked against the protocol's schemas before a handler sees them.
// Nest's body parsers are off; large bodies are streamed by the handlers that take them.

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { z } from 'zod';
import { MAX_BATCH_RECORDS } from '@paloma/shared-model';
import { decodeCbor } from '@paloma/sync-protocol';
import { WireError } from '../wire-error.js';

/** JSON bodies hold an address and an OPAQUE message. */
const MAX_JSON_BYTES = 32 * 1024;
/** Most CBOR bodies are lists of ids at most. */
const MAX_CBOR_BYTES = MAX_BATCH_RECORDS * 128;

/** The JSON body, of the schema given. */
export function JsonBody(schema: z.ZodType, maxBytes = MAX_JSON_BYTES): ParameterDecorator {
  return bodyParameter(async (request) => parseJson(schema, await readBody(request, maxBytes)));
}

/** The `application/cbor` body, of the schema given. */
export function CborBody(schema: z.ZodType, maxBytes = MAX_CBOR_BYTES): ParameterDecorator {
  return bodyParameter(async (request) => decodeCbor(schema, await readBody(request, maxBytes)));
}

/** The schema is kept in the closure: handed to Nest as data it would pass for a pipe, having a method `transform`. */
function bodyParameter(read: (request: Request) => Promise<unknown>): ParameterDecorator {
  return createParamDecorator((_: unknown, context: ExecutionContext) => read(context.switchToHttp().getRequest<Request>()))();
}

/** The whole body. @throws {WireError} "tooLarge", by its announcement already where there is one */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const announced = announcedBytes(request);
  if (announced !== null && announced > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  for await (const chunk of bodyChunks(request)) {
    receivedBytes += chunk.length;
    if (receivedBytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as it arrives. Given up on, the rest is let through unread: the connection is still needed for the answer. */
export async function* bodyChunks(request: Request): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch {
    throw new WireError('badRequest', 'the request broke off');
  } finally {
    request.resume();
  }
}

/** `Content-Length`; null when the body comes in chunks. */
export function announcedBytes(request: Request): number | null {
  const header = request.headers['content-length'];
  return header === undefined ? null : Number(header);
}

function tooLarge(maxBytes: number): WireError {
  return new WireError('tooLarge', `body over limit ${maxBytes}`);
}

function parseJson(schema: z.ZodType, octets: Buffer): unknown {
  const result = schema.safeParse(parseText(octets));
  if (!result.success) throw new WireError('badRequest', `field ${result.error.issues[0]?.path.join('.') ?? ''} breaks the schema`);
  return result.data;
}

function parseText(octets: Buffer): unknown {
  try {
    return JSON.parse(octets.toString('utf8'));
  } catch {
    throw new WireError('badRequest', 'body is not JSON');
  }
}
