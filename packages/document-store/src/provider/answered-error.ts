import type { Dispatcher } from 'undici';
import { errorBody } from '@paloma/sync-protocol';
import { StoreError, type StoreErrorCode } from '../store-error.js';

/** Error bodies are one short JSON object. */
const MAX_ERROR_BODY_BYTES = 4096;

/**
 * The error that an answer stands for: the provider's own code; where something between us answered, what its status tells.
 * A 404 of a stranger is not "no such blob", so nothing is concluded from a status alone but that it may work later.
 */
export async function answeredError(answer: Dispatcher.ResponseData): Promise<StoreError> {
  const code = (await codeInBody(answer)) ?? codeOfStatus(answer.statusCode);
  return new StoreError(code, `the provider answered ${answer.statusCode} ${code}`, { retryAfterMs: retryAfterMs(answer) });
}

export function connectionError(cause: unknown): StoreError {
  return new StoreError('unreachable', 'no answer from the provider', { cause });
}

async function codeInBody({ body }: Dispatcher.ResponseData): Promise<StoreErrorCode | null> {
  const chunks: Uint8Array[] = [];
  let receivedBytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      receivedBytes += chunk.length;
      if (receivedBytes > MAX_ERROR_BODY_BYTES) return null;
      chunks.push(chunk);
    }
    return errorBody.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).data?.error ?? null;
  } catch {
    return null;
  }
}

function codeOfStatus(status: number): StoreErrorCode {
  if (status === 429) return 'rateLimited';
  return status >= 500 ? 'unavailable' : 'malformedAnswer';
}

/** RFC 9110 §10.2.3, the form in seconds; at most an hour is believed. */
function retryAfterMs({ headers }: Dispatcher.ResponseData): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : null;
}
