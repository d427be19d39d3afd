import type { ServerResponse } from 'node:http';

/** `no-store`: a browser would else write decrypted mail to its disk cache. */
export const PRIVATE_HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

export function sendJson(response: ServerResponse, status: number, value: unknown, mediaType = 'application/json'): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { ...PRIVATE_HEADERS, 'Content-Type': mediaType, 'Content-Length': body.length });
  response.end(body);
}
