import type { Request } from 'express';
import { isLoopback } from '@paloma/provider-runtime';

/** Of an IPv6 address in text; what a careless proxy hands on may be anything. */
const MAX_ADDRESS_CHARS = 45;

/**
 * Whoever asks: the address of the connection or, when that comes from this machine, the last one in `X-Forwarded-For`, which a
 * TLS proxy here has put there (docs/operating.md). To be counted and forgotten, never kept.
 */
export function peerOf(request: Request): string {
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const forwarded = isLoopback(address) ? request.get('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  return (forwarded || address).slice(0, MAX_ADDRESS_CHARS);
}
