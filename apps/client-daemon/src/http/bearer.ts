import type { IncomingMessage } from 'node:http';

/** Token of an `Authorization: Bearer` header (RFC 6750 §2.1), or `null`. */
export function bearerToken(request: IncomingMessage): string | null {
  return /^Bearer ([A-Za-z0-9._~+/-]{16,512}=*)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
