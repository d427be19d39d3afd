// Accounts, sessions and the vault of docs/protocol/accounts.md in memory, for tests of the clients. One account.

import type { AccountId, MailAddress } from '@paloma/shared-model';
import { createOpaqueSetup, credentialChangeProof, type CredentialKind, opaqueAnswerRegistration, opaqueFinishLogin, opaqueReady, opaqueStartLogin } from '@paloma/crypto/public';
import {
  accountFinishRequest, accountStartRequest, credentialFinishRequest, credentialStartRequest, sessionFinishRequest, sessionStartRequest,
  type CredentialFinishRequest, type CredentialStartRequest, type SessionFinishRequest, type SessionStartRequest,
} from '@paloma/sync-protocol';
import { bodyOf, refusal } from './memory-server.js';
import type { IncomingMessage } from 'node:http';

type Reply = ReturnType<typeof refusal>;
type Route = [method: string, path: RegExp, answer: (request: IncomingMessage) => Promise<Reply>];

export class MemoryAccounts {
  /** What the provider keeps; public, because a test looks for what must not be in it. */
  record: { address: MailAddress; registrationRecord: string } | null = null;
  recoveryRecord: string | null = null;
  vault: { octets: Uint8Array; version: number } | null = null;
  readonly tokens = new Set<string>();
  /** Called before each request for the vault: where another device comes in between. */
  beforeVaultPut: (() => Promise<void>) | null = null;
  /** Called after a change of credentials was made, before its answer: what it throws is a lost reply. */
  afterChange: (() => void) | null = null;
  readonly #logins = new Map<string, { state: string; record: string | null }>();
  #setup: string | null = null;
  #sessions = 0;

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
        if (this.record) return refusal('addressTaken');
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
      ['POST', /^\/v1\/credentials\/start$/, async (request) => this.#startChange(credentialStartRequest.parse(await json(request)))],
      ['POST', /^\/v1\/credentials\/finish$/, async (request) => this.#finishChange(credentialFinishRequest.parse(await json(request)))],
      ['GET', /^\/v1\/vault$/, async (request) => this.#isLoggedIn(request) ? this.#vaultReply() : refusal('unauthorized')],
      ['PUT', /^\/v1\/vault$/, (request) => this.#putVault(request)],
    ];
  }

  async #startLogin({ address, credential, startLoginRequest }: SessionStartRequest): Promise<Reply> {
    return reply(await this.#loginStarted(address, credential, startLoginRequest));
  }

  async #loginStarted(address: MailAddress, credential: CredentialKind, startLoginRequest: string): Promise<{ loginId: string; loginResponse: string }> {
    const registrationRecord = this.record?.address === address ? this.#recordOf(credential) : null;
    const { loginState, loginResponse } = opaqueStartLogin({ setup: await this.#readySetup(), address, credential, registrationRecord, startLoginRequest });
    const loginId = `login${this.#logins.size}`;
    this.#logins.set(loginId, { state: loginState, record: registrationRecord });
    return { loginId, loginResponse };
  }

  async #finishLogin({ loginId, finishLoginRequest }: SessionFinishRequest): Promise<Reply> {
    const finished = opaqueFinishLogin({ loginState: this.#logins.get(loginId)?.state ?? '', finishLoginRequest });
    return finished.ok ? reply(this.#newSession()) : refusal('loginFailed');
  }

  #newSession(): { token: string; accountId: AccountId; expiresAtMs: number } {
    const token = `token${this.#sessions++}`;
    this.tokens.add(token);
    return { token, accountId: this.accountId, expiresAtMs: 1 };
  }

  #recordOf(credential: CredentialKind): string | null {
    return credential === 'recovery' ? this.recoveryRecord : this.record?.registrationRecord ?? null;
  }

  async #startChange({ address, provenBy, startLoginRequest, credential, registrationRequest }: CredentialStartRequest): Promise<Reply> {
    const started = await this.#loginStarted(address, provenBy, startLoginRequest);
    return reply({ ...started, registrationResponse: opaqueAnswerRegistration({ setup: await this.#readySetup(), address, credential, registrationRequest }) });
  }

  /** One turn of the event loop: a transaction. */
  #finishChange({ loginId, finishLoginRequest, change, proof }: CredentialFinishRequest): Reply {
    const login = this.#logins.get(loginId);
    const finished = opaqueFinishLogin({ loginState: login?.state ?? '', finishLoginRequest });
    if (!finished.ok || proof !== credentialChangeProof(finished.sessionKey, change)) return refusal('loginFailed');
    if (change.replacedVersion !== String(this.vault?.version)) return refusal('preconditionFailed');
    this.vault = { octets: new Uint8Array(Buffer.from(change.vault, 'base64url')), version: (this.vault?.version ?? 0) + 1 };
    if (change.endsRecovery) this.recoveryRecord = null;
    if (change.credential === 'recovery') this.recoveryRecord = change.registrationRecord;
    else this.record = { address: this.record!.address, registrationRecord: change.registrationRecord };
    if (change.credential === 'passphrase') this.tokens.clear();
    const session = change.credential === 'passphrase' ? this.#newSession() : null;
    this.afterChange?.();
    return reply({ vaultVersion: String(this.vault.version), session });
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
