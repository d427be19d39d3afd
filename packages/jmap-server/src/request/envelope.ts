// The Request and Response objects of RFC 8620 §3.3 and §3.4.

import { z } from 'zod';
import { CAPABILITIES, isCapability, type Capability } from '../capabilities.js';
import { limitPassed, notJson, notRequest, unknownCapability, type Problem } from '../http/problem.js';
import type { JsonObject } from '../json.js';
import type { JmapLimits } from '../limits.js';

export type Invocation = readonly [name: string, arguments_: JsonObject, callId: string];

export interface JmapRequest {
  readonly using: ReadonlySet<Capability>;
  readonly methodCalls: readonly Invocation[];
  /** Present when the client wants `createdIds` in the response. */
  readonly createdIds: Readonly<Record<string, string>> | null;
}

export type ParsedRequest = { ok: true; request: JmapRequest } | { ok: false; problem: Problem };

/** What is deeper cannot be walked or written by recursion without bound; real requests stay under 20. */
const MAX_JSON_DEPTH = 100;

const jsonObject = z.record(z.string(), z.unknown());

const requestObject = z.object({
  using: z.array(z.string()),
  methodCalls: z.array(z.tuple([z.string(), jsonObject, z.string()])),
  createdIds: z.record(z.string(), z.string()).nullish(),
});

export function parseRequest(body: Uint8Array, limits: JmapLimits): ParsedRequest {
  const json = parseJson(body);
  if (json === undefined) return refused(notJson('the body is not JSON in UTF-8'));
  if (isDeeperThan(json, MAX_JSON_DEPTH)) return refused(notRequest('nested too deeply'));
  const parsed = requestObject.safeParse(json);
  if (!parsed.success) return refused(notRequest(`not a Request object at ${parsed.error.issues[0]?.path.join('/') ?? ''}`));
  return checkRequest(parsed.data, limits);
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(member, depth - 1));
}

function checkRequest({ using, methodCalls, createdIds }: z.infer<typeof requestObject>, limits: JmapLimits): ParsedRequest {
  if (!using.every(isCapability)) return refused(unknownCapability(`known capabilities: ${CAPABILITIES.join(' ')}`));
  if (methodCalls.length > limits.maxCallsInRequest) return refused(limitPassed('maxCallsInRequest'));
  return { ok: true, request: { using: new Set(using.filter(isCapability)), methodCalls, createdIds: createdIds ?? null } };
}

function refused(problem: Problem): ParsedRequest {
  return { ok: false, problem };
}

/** I-JSON must be UTF-8 (RFC 7493 §2.1), so malformed octets are refused, not replaced. */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
