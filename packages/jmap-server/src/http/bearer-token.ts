import type { IncomingMessage } from 'node:http';

// credentials = "Bearer" 1*SP b64token     RFC 6750 §2.1
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,1024}=*)$/i;

export function bearerTokenOf(request: IncomingMessage): string | null {
  return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
