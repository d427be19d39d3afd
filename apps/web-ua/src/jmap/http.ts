// The only place that talks to the network: same-origin requests with the bearer token, failures turned into JmapError.

import { JmapError } from './jmap-error.js';

export type FetchFunction = (url: string, init?: RequestInit) => Promise<Response>;

export interface AuthorizedHttp {
  request(url: string, init?: RequestInit): Promise<Response>;
}

/** @throws {JmapError} from `request`: "network", "unauthorized", "tooLarge" or "protocol" for any other refusal */
export function createAuthorizedHttp(token: string, fetchFunction: FetchFunction = (url, init) => fetch(url, init)): AuthorizedHttp {
  return {
    async request(url, init = {}) {
      const headers = new Headers(init.headers);
      headers.set('Authorization', `Bearer ${token}`);
      const response = await fetchFunction(url, { ...init, headers, credentials: 'omit', cache: 'no-store' })
        .catch((cause: unknown) => { throw new JmapError('network', 'no answer', { cause }); });
      return assertAccepted(response);
    },
  };
}

function assertAccepted(response: Response): Response {
  if (response.ok) return response;
  if (response.status === 401) throw new JmapError('unauthorized', 'the session ended');
  if (response.status === 413) throw new JmapError('tooLarge', 'the server takes no more at once');
  throw new JmapError('protocol', `status ${response.status}`);
}

/** Fills a URL template of level 1, the only level RFC 8620 §2 uses. Unknown variables become empty. */
export function expandUrl(template: string, values: Record<string, string>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(values[name] ?? ''));
}
