import { ConcurrencyGate } from '../http/concurrency-gate.js';
import type { Exchange } from '../http/exchange.js';
import { limitPassed, NOT_FOUND, sendProblem } from '../http/problem.js';
import { readBody } from '../http/read-body.js';
import { sendJson } from '../http/send-json.js';
import type { ServerSettings } from '../server-settings.js';
import { formatBlobId } from './blob-reference.js';
import { safeMediaType } from './media-type.js';

/** `POST /jmap/upload/{accountId}`, RFC 8620 §6.1. */
export function uploadEndpoint({ limits }: ServerSettings): (exchange: Exchange) => Promise<void> {
  const gate = new ConcurrencyGate(limits.maxConcurrentUpload);
  return async (exchange) => {
    const leave = gate.enter(exchange.access.username);
    if (!leave) return sendProblem(exchange.response, limitPassed('maxConcurrentUpload', 429));
    try {
      await keepUpload(exchange, limits.maxSizeUpload);
    } finally {
      leave();
    }
  };
}

async function keepUpload({ request, response, pathArguments: [accountId = ''], account }: Exchange, maxBytes: number): Promise<void> {
  const context = account(accountId);
  if (!context) return sendProblem(response, NOT_FOUND);
  const octets = await readBody(request, maxBytes);
  if (!octets) return sendProblem(response, limitPassed('maxSizeUpload', 413));
  const type = safeMediaType(request.headers['content-type']);
  const uploadId = context.uploads.put(octets, type);
  sendJson(response, 201, { accountId, blobId: formatBlobId({ kind: 'upload', uploadId }), type, size: octets.length });
}
