// Method calls in, one HTTP request out. Calls made within one tick travel together, so that a screen made of many
// components costs one round trip; a call may use the result of an earlier one (RFC 8620 §3.7).

import type { AuthorizedHttp } from './http.js';
import { JmapError } from './jmap-error.js';

export const JMAP_CAPABILITIES = [
  'urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail', 'urn:ietf:params:jmap:submission', 'urn:paloma:jmap', 'urn:paloma:params:jmap:settings',
] as const;

/** Places one result inside the arguments of a later call of the same tick, under a name that starts with `#`. */
export interface ResultReference {
  resultOf: string;
  name: string;
  path: string;
}

export interface MethodCall<Result> {
  readonly result: Promise<Result>;
  /** `path` is a JSON pointer with `*` for every element of an array. */
  reference(path: string): ResultReference;
}

export interface JmapTransport {
  /** `accountId` is added to the arguments. @throws (result) {JmapError} "method", "network", "unauthorized", "protocol" */
  call<Result>(name: string, args: Record<string, unknown>): MethodCall<Result>;
}

interface QueuedCall {
  name: string;
  args: Record<string, unknown>;
  callId: string;
  resolve(result: never): void;
  reject(error: JmapError): void;
}

type Invocation = [name: string, args: Record<string, unknown>, callId: string];

export interface TransportOptions {
  http: AuthorizedHttp;
  apiUrl: string;
  accountId: string;
  /** RFC 8620 §2 maxCallsInRequest. */
  maxCallsInRequest: number;
  /** Told once the token is refused, whatever call met it. */
  onUnauthorized(): void;
}

export function createTransport(options: TransportOptions): JmapTransport {
  let queue: QueuedCall[] = [];
  let callCount = 0;

  const flush = (): void => {
    const calls = queue;
    queue = [];
    for (const request of splitIntoRequests(calls, options.maxCallsInRequest)) void sendRequest(request, options);
  };

  return {
    call<Result>(name: string, args: Record<string, unknown>): MethodCall<Result> {
      const callId = `c${callCount++}`;
      const result = new Promise<Result>((resolve, reject) => {
        if (queue.length === 0) queueMicrotask(flush);
        queue.push({ name, args: { accountId: options.accountId, ...args }, callId, resolve, reject });
      });
      return { result, reference: (path) => ({ resultOf: callId, name, path }) };
    },
  };
}

/** Whether a call needs the answer of one before it. */
const isDependent = (call: { args: Record<string, unknown> }): boolean => Object.keys(call.args).some((key) => key.startsWith('#'));

/**
 * Cuts the calls of one tick into requests of at most `limit` calls. A call stays with the independent call that its
 * chain began with; a chain longer than the limit is sent whole, for the server to refuse.
 */
export function splitIntoRequests<Call extends { args: Record<string, unknown> }>(calls: readonly Call[], limit: number): Call[][] {
  const chains: Call[][] = [];
  for (const call of calls) {
    if (isDependent(call) && chains.length > 0) chains.at(-1)?.push(call);
    else chains.push([call]);
  }
  const requests: Call[][] = [];
  for (const chain of chains) {
    const last = requests.at(-1);
    if (last && last.length + chain.length <= limit) last.push(...chain);
    else requests.push([...chain]);
  }
  return requests;
}

async function sendRequest(calls: readonly QueuedCall[], options: TransportOptions): Promise<void> {
  try {
    const response = await options.http.request(options.apiUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ using: JMAP_CAPABILITIES, methodCalls: calls.map((call): Invocation => [call.name, call.args, call.callId]) }),
    });
    const { methodResponses } = await response.json() as { methodResponses: Invocation[] };
    for (const call of calls) settle(call, methodResponses);
  } catch (error) {
    const reason = error instanceof JmapError ? error : new JmapError('protocol', 'unreadable answer', { cause: error });
    if (reason.code === 'unauthorized') options.onUnauthorized();
    for (const call of calls) call.reject(reason);
  }
}

/** Implicit calls (onSuccessUpdateEmail) answer under the same id, so the name counts too. RFC 8621 §7.5 */
function settle(call: QueuedCall, responses: readonly Invocation[]): void {
  const own = responses.filter(([, , callId]) => callId === call.callId);
  const answer = own.find(([name]) => name === call.name);
  const error = own.find(([name]) => name === 'error');
  if (answer) call.resolve(answer[1] as never);
  else if (error) call.reject(new JmapError('method', String(error[1]['type'] ?? 'unknown')));
  else call.reject(new JmapError('protocol', `no answer to ${call.name}`));
}
