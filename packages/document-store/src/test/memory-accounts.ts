// Accounts, sessions and the vault of docs/protocol/accounts.md in memory, for tests of the clients. One account.

import type { AccountId, MailAddress } from '@paloma/shared-model';
import { createOpaqueSetup, opaqueAnswerRegistration, opaqueFinishLogin, opaqueReady, opaqueStartLogin } from '@paloma/crypto/public';
import { accountFinishRequest, accountStartRequest, sessionFinishRequest, sessionStartRequest, type SessionFinishRequest, type SessionStartRequest } from '@paloma/sync-protocol';
import { bodyOf, refusal } from './memory-server.js';
import type { IncomingMessage } from 'node:http';

type Reply = ReturnType<typeof refusal>;
type Route = [method: string, path: RegExp, answer: (request: IncomingMessage) => Promise<Reply>];

export class MemoryAccounts {
  /** What the provider keeps; public, because a test looks for what must not be in it. */
  record: { address: MailAddress; registrationRecord: string } | null = null;
  vault: { octets: Uint8Array; version: number } | null = null;
  readonly tokens = new Set<string>();
  /** Called before each request for the vault: where another device comes in between. */
  beforeVaultPut: (() => Promise<void>) | null = null;
  readonly #logins = new Map<string, string>();
  #setup: string | null = null;

  constructor(private readonly accountId: AccountId) {}

  routes(): Route[] {
    return [
      ['POST', /^\/v1\/accounts\/start$/, async (request) => {
        const { address, registrationRequest } = accountStartRequest.parse(await json(request));
        if (this.record) return refusal('addressTaken');
        return reply({ registrationResponse: opaqueAnswerRegistration({ setup: await this.#readySetup(), address, registrationRequest }) });
      }],
      ['POST', /^\/v1\/accounts\/finish$/, async (request) => {
        const { address, registrationRecord } = accountFinishRequest.parse(await json(request));
        this.record = { address, registrationRecord };
        return reply({ accountId: this.accountId }, 201);
      }],
      ['POST', /^\/v1\/sessions\/start$/, async (request) => this.#startLogin(sessionStartRequest.parse(await json(request)))],
      ['POST', /^\/v1\/sessions\/finish$/, async (request) => this.#finishLogin(sessionFinishRequest.parse(await json(request)))],
      ['GET', /^\/v1\/sessions\/current$/, async (request) => this.#isLoggedIn(request)
        ? reply({ accountId: this.accountId, addresses: [this.record?.address], expiresAtMs: 1 }) : refusal('unauthorized')],
      ['DELETE', /^\/v1\/sessions\/current$/, async (request) => {
        this.tokens.delete(tokenOf(request));
        return { status: 204 };
      }],
      ['GET', /^\/v1\/vault$/, async (request) => this.#isLoggedIn(request) ? this.#vaultReply() : refusal('unauthorized')],
      ['PUT', /^\/v1\/vault$/, (request) => this.#putVault(request)],
    ];
  }

  async #startLogin({ address, startLoginRequest }: SessionStartRequest): Promise<Reply> {
    const registrationRecord = this.record?.address === address ? this.record.registrationRecord : null;
    const { loginState, loginResponse } = opaqueStartLogin({ setup: await this.#readySetup(), address, registrationRecord, startLoginRequest });
    const loginId = `login${this.#logins.size}`;
    this.#logins.set(loginId, loginState);
    return reply({ loginId, loginResponse });
  }

  async #finishLogin({ loginId, finishLoginRequest }: SessionFinishRequest): Promise<Reply> {
    const finished = opaqueFinishLogin({ loginState: this.#logins.get(loginId) ?? '', finishLoginRequest });
    if (!finished.ok) return refusal('loginFailed');
    const token = `token${this.tokens.size}`;
    this.tokens.add(token);
    return reply({ token, accountId: this.accountId, expiresAtMs: 1 });
  }

  #vaultReply(): Reply {
    return this.vault ? { status: 200, body: this.vault.octets, headers: { etag: `"${this.vault.version}"` } } : refusal('notFound');
  }

  async #putVault(request: IncomingMessage): Promise<Reply> {
    const octets = await bodyOf(request);
    await this.beforeVaultPut?.();
    const before: { version: number } | null = this.vault;
    const expected = before ? `"${before.version}"` : undefined;
    const isExpected = request.headers['if-none-match'] === '*' ? before === null : request.headers['if-match'] === expected;
    if (!isExpected) return refusal('preconditionFailed');
    this.vault = { octets, version: (before?.version ?? 0) + 1 };
    return { status: 204, headers: { etag: `"${this.vault.version}"` } };
  }

  #isLoggedIn(request: IncomingMessage): boolean {
    return this.tokens.has(tokenOf(request));
  }

  async #readySetup(): Promise<string> {
    await opaqueReady();
    return (this.#setup ??= createOpaqueSetup());
  }
}

function tokenOf(request: IncomingMessage): string {
  return (request.headers.authorization ?? '').replace(/^Bearer /, '');
}

async function json(request: IncomingMessage): Promise<unknown> {
  return JSON.parse(Buffer.from(await bodyOf(request)).toString('utf8'));
}

function reply(value: unknown, status = 200): Reply {
  return { status, body: JSON.stringify(value) };
}
