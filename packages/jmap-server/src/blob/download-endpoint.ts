import type { Exchange } from '../http/exchange.js';
import { NOT_FOUND, sendProblem } from '../http/problem.js';
import { PRIVATE_HEADERS } from '../http/send-json.js';
import { attachmentDisposition } from './content-disposition.js';
import { loadBlob } from './load-blob.js';
import { safeMediaType } from './media-type.js';

/** Even where a browser shows the octets after all, they run nothing, load nothing and belong to no origin. */
const CONTENT_SECURITY_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";

/** `GET /jmap/download/{accountId}/{blobId}/{name}?accept=`, RFC 8620 §6.2. */
export async function downloadEndpoint({ response, url, pathArguments: [accountId = '', blobId = '', name = ''], account }: Exchange): Promise<void> {
  const context = account(accountId);
  const blob = context && await loadBlob(blobId, context);
  if (!blob) return sendProblem(response, NOT_FOUND);
  response.writeHead(200, {
    ...PRIVATE_HEADERS,
    'Content-Type': safeMediaType(url.searchParams.get('accept')),
    'Content-Length': blob.octets.length,
    'Content-Disposition': attachmentDisposition(name),
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  response.end(blob.octets);
}
