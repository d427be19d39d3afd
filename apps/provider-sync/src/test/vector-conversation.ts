// Plays a conversation of the protocol's vectors (packages/sync-protocol/vectors/README.md) to a provider and compares what it
// answers. Variables are bound by the first answer that holds them.

import { expect } from '@jest/globals';
import { decodeCbor, encodeCbor } from '@paloma/sync-protocol';
import * as protocol from '@paloma/sync-protocol';
import { readVectorOctets, type ManualClock, type VectorOctets } from '@paloma/test-kit';
import type { IncomingItemId } from '@paloma/shared-model';
import { z } from 'zod';
import { decodeAnswer, jsonOf, type Answer, type TestClient } from './test-client.js';

interface VectorRequest {
  method: string;
  path: string;
  headers?: Record<string, string>;
  token?: string | null;
  octets?: VectorOctets;
  value?: unknown;
}
interface VectorAnswer {
  status: number;
  error?: string;
  headers?: Record<string, string>;
  octets?: VectorOctets;
  json?: unknown;
  message?: string;
  value?: unknown;
  kind?: keyof typeof STREAMS;
  header?: unknown;
  items?: unknown[];
  events?: unknown[];
}
type Step = { request: VectorRequest; answer: VectorAnswer } | { deliver: { itemId: IncomingItemId; octets: VectorOctets } } | { waitMs: number };
export interface Conversation {
  name: string;
  quotaBytes?: number;
  steps: Step[];
}

const STREAMS = {
  pull: [protocol.PULL_STREAM, protocol.DOCUMENT_STREAM_LIMITS],
  blobsDown: [protocol.BLOBS_DOWN_STREAM, protocol.BLOB_STREAM_LIMITS],
  incoming: [protocol.INCOMING_STREAM, protocol.INCOMING_STREAM_LIMITS],
} as const;

export class VectorConversation {
  readonly #variables = new Map<string, unknown>();

  constructor(private readonly client: TestClient, private readonly clock: ManualClock) {}

  async play(steps: readonly Step[]): Promise<void> {
    for (const [index, step] of steps.entries()) {
      if ('waitMs' in step) this.clock.advance(step.waitMs);
      else if ('deliver' in step) await this.client.deliver(this.client.accountId, step.deliver.itemId, readVectorOctets(step.deliver.octets));
      else expect({ step: index + 1, ...await this.#asked(step) }).toEqual({ step: index + 1, ...this.#expected(step.answer) });
    }
  }

  /** What was answered, in the form of the vector's answer. */
  async #asked({ request, answer }: { request: VectorRequest; answer: VectorAnswer }): Promise<VectorAnswer> {
    const path = this.#filled(request.path);
    if (answer.events) return { ...answer, events: this.#bound(answer.events, await this.#events(answer.events.length)) as unknown[] };
    const given = await this.client.users(request.method, path, {
      ...('token' in request && { token: request.token ?? undefined }),
      headers: Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name, this.#filled(value)])),
      ...(request.octets && { body: readVectorOctets(request.octets) }),
      ...('value' in request && { body: encodeCbor(this.#known(request.value)) }),
    });
    return { status: given.status, ...await this.#compared(given, answer) };
  }

  async #compared(given: Answer, { error, headers, octets, json, message, value, kind, header, items }: VectorAnswer): Promise<object> {
    if (error === undefined && given.status >= 400 && given.body.length > 0) return jsonOf(given) as object;
    const read = {
      ...(error !== undefined && (jsonOf(given) as object)),
      ...(headers && { headers: this.#headers(headers, given) }),
      ...(octets && { octets: new Uint8Array(given.body) }),
      ...(json !== undefined && { json: this.#bound(json, jsonOf(given)) }),
      ...(message !== undefined && { value: this.#bound(value, decodeCbor(schemaOf(message), given.body)) }),
    };
    if (!kind) return read;
    const [streamKind, limits] = STREAMS[kind] as typeof STREAMS.pull;
    const stream = await decodeAnswer(given, streamKind, limits);
    return { ...read, header: this.#bound(header, stream.header), items: this.#bound(items, stream.items) };
  }

  #expected({ status, error, headers, octets, json, message, value, kind, header, items, events }: VectorAnswer): object {
    return {
      status,
      ...(error !== undefined && { error }),
      ...(headers && { headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, this.#filled(text)])) }),
      ...(octets && { octets: readVectorOctets(octets) }),
      ...(json !== undefined && { json: this.#known(json) }),
      ...(message !== undefined && { value: this.#known(value) }),
      ...(kind && { header: this.#known(header), items: this.#known(items) }),
      ...(events && { headers, events: this.#known(events) }),
    };
  }

  async #events(count: number): Promise<unknown[]> {
    const { next, close } = await this.client.events();
    const events = [];
    while (events.length < count) events.push(await next());
    close();
    return events;
  }

  #headers(expected: Record<string, string>, { headers }: Answer): Record<string, unknown> {
    return Object.fromEntries(Object.entries(expected).map(([name, template]) => {
      const text = String(headers[name.toLowerCase()]);
      const variable = /^"\{(\w+)\}"$/.exec(template)?.[1];
      if (variable !== undefined && !this.#variables.has(variable)) this.#variables.set(variable, text.slice(1, -1));
      return [name, name === 'Content-Type' ? text.split(';')[0] : text];
    }));
  }

  /** Binds the variables of `pattern` to what stands in their places; gives back `actual`. */
  #bound(pattern: unknown, actual: unknown): unknown {
    const name = variableIn(pattern);
    if (name !== null) {
      if (!this.#variables.has(name)) this.#variables.set(name, actual);
    } else if (isHolder(pattern) && isHolder(actual)) {
      for (const [key, part] of Object.entries(pattern)) this.#bound(part, actual[key]);
    }
    return actual;
  }

  /** `pattern` with its variables in place. */
  #known(pattern: unknown): unknown {
    const name = variableIn(pattern);
    if (name !== null) return this.#variables.get(name);
    if (Array.isArray(pattern)) return pattern.map((part) => this.#known(part));
    return isHolder(pattern) ? Object.fromEntries(Object.entries(pattern).map(([key, part]) => [key, this.#known(part)])) : pattern;
  }

  #filled(text: string): string {
    return text.replaceAll(/\{(\w+)\}/g, (_match, name: string) => String(this.#variables.get(name)));
  }
}

export function schemaOf(message: string): z.ZodType {
  const schema = (protocol as Record<string, unknown>)[message];
  if (!(schema instanceof z.ZodType)) throw new Error(`no message is called ${message}`);
  return schema;
}

function variableIn(pattern: unknown): string | null {
  return isHolder(pattern) && typeof pattern['$var'] === 'string' ? pattern['$var'] : null;
}

/** A map or list, whose parts may be variables. */
function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
