// A device of the tests: speaks HTTP to a provider and OPAQUE by the library itself, with none of the client's own code.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { client as opaque } from '@serenity-kit/opaque';
import { parseReplicaUid, type AccountId, type IncomingItemId, type MailAddress, type ReplicaUid, type Revision } from '@paloma/shared-model';
import {
  decodeCbor, decodeEvents, decodeStream, DOCUMENT_STREAM_LIMITS, encodeCbor, encodeStream, PULL_STREAM, pushAnswer, PUSH_STREAM, servicesPaths, usersPaths,
  type HeaderOf, type ItemOf, type PullItem, type PullRequest, type PushAnswer, type PushItem, type StreamKind, type StreamLimits, type SyncEvent,
} from '@paloma/sync-protocol';
import { request, type Agent } from 'undici';
import type { z } from 'zod';

/** Cheap: what is stretched here guards nothing. */
export const KEY_STRETCHING = { 'argon2id-custom': { memory: 8, iterations: 1, parallelism: 1 } };

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Asked {
  token?: string | undefined;
  headers?: Record<string, string>;
  json?: unknown;
  cbor?: unknown;
  body?: Uint8Array | AsyncIterable<Uint8Array>;
}

export const randomText = (characters: number): string => randomBytes(characters).toString('base64url').slice(0, characters);
export const newReplica = (): ReplicaUid => parseReplicaUid(randomText(22));
export const jsonOf = (answer: Answer): unknown => JSON.parse(answer.body.toString());
export const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

export class TestClient {
  token: string | undefined;
  accountId: AccountId;
  readonly replicaUid = newReplica();

  constructor(private readonly usersUrl: string, private readonly servicesUrl: string, private readonly agent: Agent) {}

  users(method: string, path: string, asked: Asked = {}): Promise<Answer> {
    return this.#ask(this.usersUrl, method, path, { token: this.token, ...asked });
  }

  services(method: string, path: string, asked: Asked = {}): Promise<Answer> {
    return this.#ask(this.servicesUrl, method, path, { token: 's'.repeat(43), ...asked });
  }

  async #ask(base: string, method: string, path: string, { token, headers = {}, json, cbor, body }: Asked): Promise<Answer> {
    const content = json !== undefined ? JSON.stringify(json) : cbor !== undefined ? encodeCbor(cbor) : body;
    const answer = await request(base + path, {
      method: method as 'GET', dispatcher: this.agent, body: (content ?? null) as never,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    });
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) };
  }

  async register(address: string, passphrase = 'a passphrase', inviteCode?: string): Promise<Answer> {
    const { clientRegistrationState, registrationRequest } = opaque.startRegistration({ password: passphrase });
    const started = await this.users('POST', usersPaths.accountStart, { json: { address, registrationRequest } });
    if (started.status !== 200) return started;
    const { registrationResponse } = jsonOf(started) as { registrationResponse: string };
    const { registrationRecord } = opaque.finishRegistration({ password: passphrase, clientRegistrationState, registrationResponse, identifiers: identifiersOf(address), keyStretching: KEY_STRETCHING });
    return this.users('POST', usersPaths.accountFinish, { json: { address, registrationRecord, ...(inviteCode !== undefined && { inviteCode }) } });
  }

  /** Null: the passphrase does not open the answer; then there is nothing to finish with. */
  async startLogin(address: string, passphrase = 'a passphrase', credential: 'passphrase' | 'recovery' = 'passphrase'): Promise<{ answer: Answer; loginId: string; finishLoginRequest: string | null }> {
    const { clientLoginState, startLoginRequest } = opaque.startLogin({ password: passphrase });
    const answer = await this.users('POST', usersPaths.sessionStart, { json: { address, credential, startLoginRequest } });
    if (answer.status !== 200) return { answer, loginId: '', finishLoginRequest: null };
    const { loginId, loginResponse } = jsonOf(answer) as { loginId: string; loginResponse: string };
    const finished = opaque.finishLogin({ password: passphrase, clientLoginState, loginResponse, identifiers: identifiersOf(address, credential), keyStretching: KEY_STRETCHING });
    return { answer, loginId, finishLoginRequest: finished?.finishLoginRequest ?? null };
  }

  finishLogin(loginId: string, finishLoginRequest: string): Promise<Answer> {
    return this.users('POST', usersPaths.sessionFinish, { json: { loginId, finishLoginRequest, replicaUid: this.replicaUid } });
  }

  async logIn(address: string): Promise<this> {
    const { loginId, finishLoginRequest } = await this.startLogin(address);
    const { token, accountId } = jsonOf(expectStatus(await this.finishLogin(loginId, finishLoginRequest ?? ''), 200)) as { token: string; accountId: AccountId };
    this.token = token;
    this.accountId = accountId;
    return this;
  }

  async signUp(address = `user-${randomText(8).toLowerCase().replaceAll(/[_-]/g, '0')}@example.org`): Promise<this> {
    expectStatus(await this.register(address), 201);
    return this.logIn(address);
  }

  /** Another device of the same account, on the process of `other`. */
  sharing(other: TestClient): this {
    this.token = other.token;
    this.accountId = other.accountId;
    return this;
  }

  async push(items: readonly PushItem[], replicaUid = this.replicaUid): Promise<PushAnswer> {
    const answer = await this.pushRaw(encodeStream(PUSH_STREAM, { count: items.length, replicaUid }, items));
    return decodeCbor(pushAnswer, expectStatus(answer, 200).body);
  }

  pushRaw(body: AsyncIterable<Uint8Array>): Promise<Answer> {
    return this.users('POST', usersPaths.push, { body });
  }

  pullRaw(asked: Partial<PullRequest> = {}): Promise<Answer> {
    return this.users('POST', usersPaths.pull, { cbor: { v: 1, replicaUid: newReplica(), since: 0, classes: [0, 1, 2], limit: 100, known: null, ...asked } });
  }

  async pull(asked: Partial<PullRequest> = {}): Promise<{ header: HeaderOf<typeof PULL_STREAM>; items: PullItem[] }> {
    return decodeAnswer(await this.pullRaw(asked), PULL_STREAM, DOCUMENT_STREAM_LIMITS);
  }

  async cbor<Schema extends z.ZodType>(schema: Schema, method: string, path: string, cbor?: unknown): Promise<z.output<Schema>> {
    return decodeCbor(schema, expectStatus(await this.users(method, path, { cbor }), 200).body);
  }

  deliver(accountId: AccountId, itemId: IncomingItemId, body: Uint8Array): Promise<Answer> {
    return this.services('PUT', servicesPaths.incoming(accountId, itemId), { body });
  }

  /** Asks and goes away without waiting for the answer. */
  async abandon(path: string): Promise<void> {
    const { hostname, port } = new URL(this.usersUrl);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    await new Promise((resolve) => socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${this.token}\r\n\r\n`, resolve));
    await once(socket.destroy(), 'close');
  }

  /** The event connection, until `close`. */
  async events(): Promise<{ next: () => Promise<SyncEvent | null>; close: () => void }> {
    const answer = await request(this.usersUrl + usersPaths.events, { dispatcher: this.agent, headers: { authorization: `Bearer ${this.token}` } });
    const events = decodeEvents(answer.body);
    const next = async (): Promise<SyncEvent | null> => (await events.next()).value ?? null;
    return { next, close: () => void answer.body.on('error', () => undefined).destroy() };
  }
}

function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`answered ${answer.status} ${answer.body} instead of ${status}`);
  return answer;
}

export async function decodeAnswer<Kind extends StreamKind>(answer: Answer, kind: Kind, limits: StreamLimits): Promise<{ header: HeaderOf<Kind>; items: ItemOf<Kind>[] }> {
  expectStatus(answer, 200);
  async function* source(): AsyncGenerator<Uint8Array> {
    yield answer.body;
  }
  const stream = decodeStream(source(), kind, limits);
  return { header: await stream.header, items: await Array.fromAsync(stream.items) };
}

export function newDocument(change: Partial<Record<keyof PushItem, unknown>> = {}): PushItem {
  return { id: randomText(32), revision: `${'r'.repeat(22)}:1` as Revision, class: 0, epoch: 1, tombstone: false, sealed: octets('sealed'), ...change } as PushItem;
}

export function identifiersOf(address: string, kind: 'passphrase' | 'recovery' = 'passphrase'): { client: string; server: string } {
  const canonical = address.toLowerCase() as MailAddress;
  return { client: kind === 'recovery' ? `recovery:${canonical}` : canonical, server: canonical.slice(canonical.lastIndexOf('@') + 1) };
}
