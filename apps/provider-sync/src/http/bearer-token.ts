import type { Request } from 'express';
import { WireError } from '../wire-error.js';

/** `Authorization: Bearer <token>`, RFC 6750 §2.1; the scheme's case does not matter. @throws {WireError} "unauthorized" */
export function bearerToken(request: Request): string {
  const token = /^bearer +([A-Za-z0-9._~+/=-]{1,1024})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new WireError('unauthorized', 'no bearer token');
  return token;
}
