// Errors that concern a whole HTTP request, as problem details (RFC 7807) with the types of RFC 8620 §3.6.1.

import type { ServerResponse } from 'node:http';
import type { JmapLimits } from '../limits.js';
import { sendJson } from './send-json.js';

export interface Problem {
  readonly status: number;
  readonly type: string;
  readonly detail: string;
  /** Which limit was passed, by its name in the session object. */
  readonly limit?: keyof JmapLimits;
}

const jmapProblem = (name: string, status: number) => (detail: string): Problem => ({ type: `urn:ietf:params:jmap:error:${name}`, status, detail });

export const unknownCapability = jmapProblem('unknownCapability', 400);
export const notJson = jmapProblem('notJSON', 400);
export const notRequest = jmapProblem('notRequest', 400);

/** RFC 8620 §3.6.1 "limit"; `status` says to plain HTTP programs what kind of limit it is. */
export function limitPassed(limit: keyof JmapLimits, status: 400 | 413 | 429 = 400): Problem {
  return { type: 'urn:ietf:params:jmap:error:limit', status, limit, detail: `over the limit ${limit}` };
}

const plainProblem = (status: number, detail: string): Problem => ({ type: 'about:blank', status, detail });

export const UNAUTHORIZED = plainProblem(401, 'a bearer token is needed');
export const NOT_FOUND = plainProblem(404, 'no such resource');
export const METHOD_NOT_ALLOWED = plainProblem(405, 'not with this HTTP method');
export const BAD_REQUEST = plainProblem(400, 'malformed request');
export const INTERNAL = plainProblem(500, 'internal error');
export const UNAVAILABLE = plainProblem(503, 'not available now, try again later');

export function sendProblem(response: ServerResponse, problem: Problem): void {
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  sendJson(response, problem.status, problem, 'application/problem+json');
}
