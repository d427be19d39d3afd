// Discovery, sign-up and log-in, docs/protocol/accounts.md §1 and §2. The passphrase goes into OPAQUE and nowhere else; what
// comes out is a session and the export key, which opens the vault and which the provider never sees.

import { Redacted, canonicalAddress, type AccountId, type MailAddress, type ReplicaUid, type WireErrorCode } from '@paloma/shared-model';
import type { CredentialKind } from '@paloma/crypto/public';
import { FULL_STRETCHING, withOpaqueClient, type OpaqueClient } from '@paloma/crypto/secret';
import {
  accountFinishAnswer, accountStartAnswer, currentSessionAnswer, discoveryAnswer, sessionFinishAnswer, sessionStartAnswer, usersPaths,
  type CurrentSessionAnswer, type DiscoveryAnswer,
} from '@paloma/sync-protocol';
import { StoreError } from '../store-error.js';
import { absentWhen } from './absent-when.js';
import type { ProviderConnection } from './provider-connection.js';

export interface Credentials {
  address: MailAddress;
  passphrase: Redacted<string>;
}

export type SignUpRefusal = 'addressTaken' | 'forbidden' | 'invalidInvite';
export type SignUpOutcome = { ok: true; accountId: AccountId } | { ok: false; refusal: SignUpRefusal };

export interface Login {
  token: Redacted<string>;
  accountId: AccountId;
  expiresAtMs: number;
  /** 64 octets, the same at every log-in; opens the vault. */
  exportKey: Uint8Array;
}
/** `loginFailed`: wrong passphrase or unknown address, which look alike. `accountDisabled`: by the operator. `gone`: this device was removed from the account. */
export type LoginRefusal = 'loginFailed' | 'rateLimited' | 'accountDisabled' | 'gone';
export type LoginOutcome = { ok: true; login: Login } | { ok: false; refusal: LoginRefusal };

const SIGN_UP_REFUSALS: readonly SignUpRefusal[] = ['addressTaken', 'forbidden', 'invalidInvite'];
const LOGIN_REFUSALS: readonly LoginRefusal[] = ['loginFailed', 'rateLimited', 'accountDisabled', 'gone'];

export function isLoginRefusal(refusal: string): refusal is LoginRefusal {
  return (LOGIN_REFUSALS as readonly string[]).includes(refusal);
}

export class AccountsClient {
  /** `connection` needs a session for `currentSession` and `logOut` alone. Only tests give a `stretching`. Who signs up and then logs in gives a client for both. */
  constructor(private readonly connection: ProviderConnection, private readonly stretching = FULL_STRETCHING, private readonly opaqueClient: OpaqueClient | null = null) {}

  discover(): Promise<DiscoveryAnswer> {
    return this.connection.sendJson('GET', usersPaths.discovery, discoveryAnswer);
  }

  signUp({ address, passphrase }: Credentials, inviteCode?: string): Promise<SignUpOutcome> {
    return refusable(SIGN_UP_REFUSALS, async (): Promise<SignUpOutcome> => {
      const canonical = canonicalAddress(address);
      const { registrationRecord } = await this.#withOpaque(async (opaque) => {
        const registrationRequest = await opaque.startRegistration({ passphrase, address: canonical, stretching: this.stretching });
        const { registrationResponse } = await this.connection.sendJson('POST', usersPaths.accountStart, accountStartAnswer, { address: canonical, registrationRequest });
        return opaque.finishRegistration(registrationResponse);
      });
      const { accountId } = await this.connection.sendJson('POST', usersPaths.accountFinish, accountFinishAnswer, { address: canonical, registrationRecord, inviteCode });
      return { ok: true, accountId };
    });
  }

  /** With the credential `recovery`, `passphrase` is the recovery code's secret. */
  logIn({ address, passphrase }: Credentials, replicaUid: ReplicaUid, credential: CredentialKind = 'passphrase'): Promise<LoginOutcome> {
    return refusable(LOGIN_REFUSALS, async (): Promise<LoginOutcome> => {
      const canonical = canonicalAddress(address);
      const { loginId, proof } = await this.#withOpaque(async (opaque) => {
        const startLoginRequest = await opaque.startLogin({ passphrase, address: canonical, credential, stretching: this.stretching });
        const started = await this.connection.sendJson('POST', usersPaths.sessionStart, sessionStartAnswer, { address: canonical, credential, startLoginRequest });
        return { loginId: started.loginId, proof: await opaque.finishLogin(started.loginResponse) };
      });
      if (!proof.ok) return { ok: false, refusal: 'loginFailed' };
      const { finishLoginRequest, exportKey } = proof;
      const session = await this.connection.sendJson('POST', usersPaths.sessionFinish, sessionFinishAnswer, { loginId, finishLoginRequest, replicaUid });
      return { ok: true, login: { token: new Redacted(session.token), accountId: session.accountId, expiresAtMs: session.expiresAtMs, exportKey } };
    });
  }

  /** Null when the session has ended. */
  async currentSession(): Promise<CurrentSessionAnswer | null> {
    return absentWhen('unauthorized', () => this.connection.sendJson('GET', usersPaths.currentSession, currentSessionAnswer));
  }

  async logOut(): Promise<void> {
    await absentWhen('unauthorized', async () => (await this.connection.send({ method: 'DELETE', path: usersPaths.currentSession })).discard());
  }

  #withOpaque<Result>(act: (opaque: OpaqueClient) => Promise<Result>): Promise<Result> {
    return this.opaqueClient ? act(this.opaqueClient) : withOpaqueClient(act);
  }
}

async function refusable<Outcome, Refusal extends WireErrorCode>(
  refusals: readonly Refusal[], ask: () => Promise<Outcome>,
): Promise<Outcome | { ok: false; refusal: Refusal }> {
  try {
    return await ask();
  } catch (error) {
    const refusal = refusals.find((code) => error instanceof StoreError && error.code === code);
    if (refusal === undefined) throw error;
    return { ok: false, refusal };
  }
}
