// A new passphrase or recovery code at the provider, docs/protocol/accounts.md §5. A fresh log-in proves that whoever asks knows
// the secret before; record and vault are replaced together or not at all.

import { Redacted, canonicalAddress, type AccountId, type MailAddress, type ReplicaUid } from '@paloma/shared-model';
import { credentialChangeProof, opaqueReady, type CredentialKind } from '@paloma/crypto/public';
import { FULL_STRETCHING, opaqueFinishLogin, opaqueFinishRegistration, opaqueStartLogin, opaqueStartRegistration } from '@paloma/crypto/secret';
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
    await opaqueReady();
    const { provenBy, credential, replacedVersion, replicaUid, endsRecovery = false } = request;
    const { stretching } = this;
    const address = canonicalAddress(request.address);
    const login = opaqueStartLogin(provenBy.secret);
    const registration = opaqueStartRegistration(credential.secret);
    const { loginId, loginResponse, registrationResponse } = await this.connection.sendJson('POST', usersPaths.credentialStart, credentialStartAnswer, {
      address, provenBy: provenBy.kind, startLoginRequest: login.startLoginRequest, credential: credential.kind, registrationRequest: registration.registrationRequest,
    });
    const proven = opaqueFinishLogin({ passphrase: provenBy.secret, state: login.state, loginResponse, address, credential: provenBy.kind, stretching });
    if (!proven.ok) return { ok: false, refusal: 'loginFailed' };
    const { registrationRecord, exportKey } = opaqueFinishRegistration({
      passphrase: credential.secret, state: registration.state, registrationResponse, address, credential: credential.kind, stretching,
    });
    const vault = request.vaultFor(exportKey);
    const change = { credential: credential.kind, registrationRecord, endsRecovery, replicaUid, replacedVersion, vault: Buffer.from(vault).toString('base64url') };
    const proof = credentialChangeProof(proven.sessionKey, change);
    const answer = await this.connection.sendJson('POST', usersPaths.credentialFinish, credentialFinishAnswer, {
      loginId, finishLoginRequest: proven.finishLoginRequest, change, proof,
    });
    return changed(vault, answer);
  }
}

function changed(vault: Uint8Array, { session }: CredentialFinishAnswer): CredentialChangeOutcome {
  return { ok: true, vault, accountId: session?.accountId ?? null, token: session && new Redacted(session.token) };
}
