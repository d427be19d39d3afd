import type { Fetch } from '@paloma/keyring';
import { Agent, fetch as undiciFetch } from 'undici';

/** `fetch` that also trusts the given authority (PEM). Look-ups of keys use it; it carries no session. */
export function trustedFetch(authority: string | undefined): Fetch {
  const dispatcher = new Agent({ connect: authority === undefined ? {} : { ca: authority }, connections: 4 });
  return async (url, init) => await undiciFetch(url, { ...init, dispatcher }) as unknown as Response;
}
