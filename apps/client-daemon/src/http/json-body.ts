import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { HttpError } from './http-error.js';

/** Control and sign-in requests are a few hundred octets. */
const MAX_BODY_BYTES = 64 * 1024;

/** Reads and checks a JSON body. @throws {HttpError} "badRequest" | "tooLarge" */
export async function readJson<Schema extends z.ZodType>(request: IncomingMessage, schema: Schema): Promise<z.infer<Schema>> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new HttpError('tooLarge');
    chunks.push(chunk);
  }
  const result = schema.safeParse(parseJson(Buffer.concat(chunks).toString('utf8')));
  if (!result.success) throw new HttpError('badRequest', `The request is wrong at "${result.error.issues[0]!.path.join('.')}".`);
  return result.data;
}

export function sendJson(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  response.end(body && JSON.stringify(body));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError('badRequest', 'The request is not JSON.');
  }
}
