// A new passphrase or recovery code at the provider, docs/protocol/accounts.md §5. A fresh log-in proves that whoever asks knows
// the secret before; record and vault are replaced together or not at all.

import { Redacted, canonicalAddress, type AccountId, type MailAddress, type ReplicaUid } from '@paloma/shared-model';
import { credentialChangeProof, type CredentialKind } from '@paloma/crypto/public';
import { FULL_STRETCHING, withOpaqueClient, type FinishedLogin, type FinishedRegistration, type OpaqueClient, type OpaqueCredential } from '@paloma/crypto/secret';
import { credentialFinishAnswer, credentialStartAnswer, usersPaths, type CredentialFinishAnswer } from '@paloma/sync-protocol';
import { StoreError } from '../store-error.js';
import type { ProviderConnection } from './provider-connection.js';

/** A credential and what it takes to use it: the passphrase, or the recovery code's secret. */
export interface CredentialSecret {
  kind: CredentialKind;
  secret: Redacted<string>;
}

export interface CredentialChangeRequest {
  address: MailAddress;
  provenBy: CredentialSecret;
  credential: CredentialSecret;
  replicaUid: ReplicaUid;
  /** Version of the vault that `vaultFor` starts from. */
  replacedVersion: string;
  /** The vault that opens with the new credential; `exportKey` has 64 octets. */
  vaultFor(exportKey: Uint8Array): Uint8Array;
  endsRecovery?: boolean;
}

/** `loginFailed`: the secret before is wrong. `preconditionFailed`: the vault is another one by now. `accountDisabled`: by the operator. `gone`: the device was removed. */
export type CredentialChangeRefusal = 'loginFailed' | 'rateLimited' | 'preconditionFailed' | 'accountDisabled' | 'gone';
export type CredentialChangeOutcome =
  | { ok: true; vault: Uint8Array; accountId: AccountId | null; token: Redacted<string> | null }
  | { ok: false; refusal: CredentialChangeRefusal };

interface Exchanged {
  loginId: string;
  proven: FinishedLogin;
  registered: FinishedRegistration;
}

const REFUSALS: readonly CredentialChangeRefusal[] = ['loginFailed', 'rateLimited', 'preconditionFailed', 'accountDisabled', 'gone'];

export class CredentialClient {
  /** No session is needed. Only tests give a `stretching`. */
  constructor(private readonly connection: ProviderConnection, private readonly stretching = FULL_STRETCHING) {}

  /** @throws {StoreError} after which it is not known whether the change was made, unless it is refused */
  async change(request: CredentialChangeRequest): Promise<CredentialChangeOutcome> {
    try {
      return await this.#change(request);
    } catch (error) {
      const refusal = REFUSALS.find((code) => error instanceof StoreError && error.code === code);
      if (refusal === undefined) throw error;
      return { ok: false, refusal };
    }
  }

  async #change(request: CredentialChangeRequest): Promise<CredentialChangeOutcome> {
    const { credential, replacedVersion, replicaUid, endsRecovery = false } = request;
    const exchanged = await withOpaqueClient((opaque) => this.#exchange(opaque, request));
    if (!exchanged) return { ok: false, refusal: 'loginFailed' };
    const { loginId, proven, registered: { registrationRecord, exportKey } } = exchanged;
    const vault = request.vaultFor(exportKey);
    const change = { credential: credential.kind, registrationRecord, endsRecovery, replicaUid, replacedVersion, vault: Buffer.from(vault).toString('base64url') };
    const proof = credentialChangeProof(proven.sessionKey, change);
    const answer = await this.connection.sendJson('POST', usersPaths.credentialFinish, credentialFinishAnswer, {
      loginId, finishLoginRequest: proven.finishLoginRequest, change, proof,
    });
    return changed(vault, answer);
  }

  /** A log-in with the secret before and a registration of the new one; null when the secret before is wrong. */
  async #exchange(opaque: OpaqueClient, { address, provenBy, credential }: CredentialChangeRequest): Promise<Exchanged | null> {
    const canonical = canonicalAddress(address);
    const startLoginRequest = await opaque.startLogin(this.#opaqueCredential(canonical, provenBy));
    const registrationRequest = await opaque.startRegistration(this.#opaqueCredential(canonical, credential));
    const { loginId, loginResponse, registrationResponse } = await this.connection.sendJson('POST', usersPaths.credentialStart, credentialStartAnswer, {
      address: canonical, provenBy: provenBy.kind, startLoginRequest, credential: credential.kind, registrationRequest,
    });
    const proven = await opaque.finishLogin(loginResponse);
    return proven.ok ? { loginId, proven, registered: await opaque.finishRegistration(registrationResponse) } : null;
  }

  #opaqueCredential(address: MailAddress, { kind, secret }: CredentialSecret): OpaqueCredential {
    return { passphrase: secret, address, credential: kind, stretching: this.stretching };
  }
}

function changed(vault: Uint8Array, { session }: CredentialFinishAnswer): CredentialChangeOutcome {
  return { ok: true, vault, accountId: session?.accountId ?? null, token: session && new Redacted(session.token) };
}
