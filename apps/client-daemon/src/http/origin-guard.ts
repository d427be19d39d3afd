// What keeps other web pages and other names away from the loopback port: the Host header must be our own name (DNS
// rebinding), a request that says where it comes from must come from our own page (CSRF), and there is no CORS.

import type { IncomingMessage } from 'node:http';

export interface LoopbackNames {
  /** Where the app, JMAP and control answer. */
  app: string;
  /** Where the mail view answers: another host name, so another origin and another site. */
  view: string;
}

export function loopbackNames(port: number): LoopbackNames {
  return { app: `127.0.0.1:${port}`, view: `localhost:${port}` };
}

export type Addressed = 'app' | 'view' | null;

/** Which of our two names a request is for; `null` when it must be refused. */
export function addressedName(request: IncomingMessage, names: LoopbackNames): Addressed {
  const { host, origin } = request.headers;
  if (host === names.view) return 'view';
  if (host !== names.app) return null;
  if (origin !== undefined && origin !== `http://${names.app}`) return null;
  const site = request.headers['sec-fetch-site'];
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  return site === undefined || site === 'same-origin' || site === 'none' || isNavigation ? 'app' : null;
}
