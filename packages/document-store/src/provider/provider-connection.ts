// One pool of connections to a provider and the form of every request over it (docs/protocol/sync.md §1). Redirects are not
// followed: they would carry the session elsewhere. Every answer is read up to a bound, every wait has an end.

import { Readable } from 'node:stream';
import { Pool, type Dispatcher } from 'undici';
import { Redacted } from '@paloma/shared-model';
import { decodeCbor, decodeStream, ProtocolError, type DecodedStream, type StreamKind, type StreamLimits } from '@paloma/sync-protocol';
import type { z } from 'zod';
import { StoreError } from '../store-error.js';
import { answeredError, connectionError } from './answered-error.js';

/** Requests under way at once, the event stream among them; more wait. Keeps a device from crowding out the others. */
const MAX_CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 10_000;
/** From the last octet that left: a push of a full batch is committed before the provider answers. */
const HEADERS_TIMEOUT_MS = 60_000;
/** Silence inside a body. The event stream says something every 25 s. */
const BODY_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 30_000;
/** Octets handed to the pool at once. It awaits the answer from the last ones it took: in one piece, a large body had to be up within that time. */
const BODY_PIECE_BYTES = 64 * 1024;

/** Largest answer that is read as a whole: a push answer or listing of the most records. Streams and blobs have their own bounds. */
export const MAX_ANSWER_BYTES = 1024 * 1024;

export interface ProviderConnectionOptions {
  /** Base of the users' API, https; plain http only to this machine itself. */
  apiUrl: string;
  /** PEM certificates to trust instead of the system's, for a provider with its own authority. */
  certificateAuthorities?: string;
}

export interface ProviderRequest {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  path: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  signal?: AbortSignal;
}

export class ProviderConnection {
  readonly #pool: Pool;
  readonly #basePath: string;
  readonly #token: Redacted<string> | null;

  /** @throws {StoreError} "badRequest" for an address that is not https */
  constructor(options: ProviderConnectionOptions, shared: { pool: Pool; token: Redacted<string> } | null = null) {
    const url = new URL(options.apiUrl);
    if (url.protocol !== 'https:' && !isLoopback(url.hostname)) throw new StoreError('badRequest', 'the provider is asked over https alone');
    this.options = options;
    this.#basePath = url.pathname.replace(/\/$/, '');
    this.#token = shared?.token ?? null;
    this.#pool = shared?.pool ?? newPool(url.origin, options.certificateAuthorities);
  }

  readonly options: ProviderConnectionOptions;

  /** The same pool, speaking as a logged-in device. */
  withSession(token: Redacted<string>): ProviderConnection {
    return new ProviderConnection(this.options, { pool: this.#pool, token });
  }

  /** @throws {StoreError} the provider's code for any answer but success; "unreachable" without an answer */
  async send(request: ProviderRequest): Promise<ProviderAnswer> {
    const answer = await this.#dispatch(request).catch((cause: unknown) => { throw connectionError(cause); });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return new ProviderAnswer(answer);
    throw await answeredError(answer);
  }

  async sendJson<Schema extends z.ZodType>(method: 'GET' | 'POST', path: string, answerSchema: Schema, body?: unknown): Promise<z.output<Schema>> {
    const answer = await this.send({ method, path, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
    return answer.json(answerSchema);
  }

  /** Ends every request and closes the pool, also for those made by `withSession`. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #dispatch({ method, path, headers, body, signal }: ProviderRequest): Promise<Dispatcher.ResponseData> {
    return this.#pool.request({
      method,
      path: this.#basePath + path,
      headers: { ...headers, ...(body instanceof Uint8Array && { 'content-length': String(body.length) }), ...(this.#token ? { authorization: `Bearer ${this.#token.reveal()}` } : {}) },
      body: sentForm(body),
      ...(signal ? { signal } : {}),
    });
  }
}

/** A successful answer, its body not read yet. */
export class ProviderAnswer {
  constructor(private readonly response: Dispatcher.ResponseData) {}

  get status(): number {
    return this.response.statusCode;
  }

  get body(): AsyncIterable<Uint8Array> {
    return this.response.body;
  }

  header(name: string): string | null {
    const value = this.response.headers[name];
    return typeof value === 'string' ? value : null;
  }

  /** The body when it is of no interest: read to its end, so that the connection can be used again. */
  async discard(): Promise<void> {
    await this.response.body.dump();
  }

  /** @throws {StoreError} "malformedAnswer" over the bound, "unreachable" when it breaks off */
  async octets(maxBytes = MAX_ANSWER_BYTES): Promise<Uint8Array> {
    return readBounded(this.response.body, maxBytes);
  }

  async cbor<Schema extends z.ZodType>(schema: Schema): Promise<z.output<Schema>> {
    const octets = await this.octets();
    return readingProtocol(() => decodeCbor(schema, octets));
  }

  async json<Schema extends z.ZodType>(schema: Schema): Promise<z.output<Schema>> {
    const text = Buffer.from(await this.octets()).toString('utf8');
    const parsed = schema.safeParse(await readingProtocol(() => JSON.parse(text) as unknown));
    if (!parsed.success) throw new StoreError('malformedAnswer', 'the answer breaks its schema');
    return parsed.data;
  }

  stream<Kind extends StreamKind>(kind: Kind, limits: StreamLimits): DecodedStream<Kind> {
    return decodeStream(this.response.body, kind, limits);
  }
}

/** Runs what reads the provider's octets and turns every breach of the protocol into the error of this package. */
export async function readingProtocol<R>(read: () => R | Promise<R>): Promise<R> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof ProtocolError || cause instanceof SyntaxError) throw new StoreError('malformedAnswer', 'the answer breaks the protocol', { cause });
    throw cause;
  }
}

function sentForm(body: ProviderRequest['body']): string | Uint8Array | Readable | null {
  if (body === undefined || typeof body === 'string') return body ?? null;
  return Readable.from(body instanceof Uint8Array ? piecesOf(body) : body, { objectMode: false });
}

function* piecesOf(octets: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < octets.length; from += BODY_PIECE_BYTES) yield octets.subarray(from, from + BODY_PIECE_BYTES);
}

async function readBounded(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let receivedBytes = 0;
  try {
    for await (const chunk of body) {
      receivedBytes += chunk.length;
      if (receivedBytes > maxBytes) throw new StoreError('malformedAnswer', `answer over limit ${maxBytes}`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof StoreError ? cause : connectionError(cause);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function newPool(origin: string, certificateAuthorities: string | undefined): Pool {
  return new Pool(origin, {
    connections: MAX_CONNECTIONS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MS, ...(certificateAuthorities === undefined ? {} : { ca: certificateAuthorities }) },
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
