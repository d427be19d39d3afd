// A new passphrase or a new recovery code, docs/protocol/accounts.md §5. It takes a fresh log-in whose session key
// authenticates the whole request: a session token is not enough, and what was asked cannot be exchanged on the way.

import { Inject, Injectable } from '@nestjs/common';
import { credentialChangeProof, equalInConstantTime, opaqueAnswerRegistration } from '@paloma/crypto/public';
import { canonicalAddress, type RandomSource, type Redacted } from '@paloma/shared-model';
import { MAX_VAULT_BYTES, type CredentialFinishAnswer, type CredentialFinishRequest, type CredentialStartAnswer, type CredentialStartRequest } from '@paloma/sync-protocol';
import { assertRegistrationRecord } from '../accounts/registration.service.js';
import { OPAQUE_SETUP, RANDOM } from '../injection-tokens.js';
import { randomId } from '../random-id.js';
import { LoginProof, loginFailed } from '../sessions/login-proof.js';
import { accountDisabled, SessionService } from '../sessions/session.service.js';
import { WireError } from '../wire-error.js';
import { CredentialRepository, type ReplacementOutcome } from './credential.repository.js';

const WIRE_ERROR_BY_OUTCOME = {
  vaultChanged: () => new WireError('preconditionFailed', 'another device was faster'),
  credentialEnded: loginFailed,
  accountDisabled,
  deviceRemoved: () => new WireError('gone', 'the device was removed'),
} satisfies Record<Exclude<ReplacementOutcome, 'replaced'>, () => WireError>;

@Injectable()
export class CredentialService {
  constructor(
    private readonly login: LoginProof,
    private readonly sessions: SessionService,
    private readonly credentials: CredentialRepository,
    @Inject(OPAQUE_SETUP) private readonly opaqueSetup: Redacted<string>,
    @Inject(RANDOM) private readonly random: RandomSource,
  ) {}

  /** The registration is answered only together with a log-in, which is counted: alone it would be an oracle for guesses. */
  async start({ address, provenBy, startLoginRequest, credential, registrationRequest }: CredentialStartRequest): Promise<CredentialStartAnswer> {
    const started = await this.login.start(address, provenBy, startLoginRequest);
    const registrationResponse = opaqueAnswerRegistration({ setup: this.opaqueSetup.reveal(), address: canonicalAddress(address), credential, registrationRequest });
    return { ...started, registrationResponse };
  }

  /** @throws {WireError} "loginFailed", "preconditionFailed", "accountDisabled", "gone" */
  async finish({ loginId, finishLoginRequest, change, proof }: CredentialFinishRequest): Promise<CredentialFinishAnswer> {
    const login = await this.login.finish(loginId, finishLoginRequest);
    if (!equalInConstantTime(proof, credentialChangeProof(login.sessionKey, change))) throw loginFailed();
    const { credential, registrationRecord, endsRecovery, replicaUid, replacedVersion } = change;
    assertRegistrationRecord(registrationRecord);
    const { accountId } = login;
    const vault = { version: randomId(this.random), sealed: vaultOctets(change.vault) };
    const made = credential === 'passphrase' ? this.sessions.make(accountId, replicaUid) : null;
    const outcome = await this.credentials.replace({
      accountId, provenBy: login.credential, provenRecord: login.registrationRecord, credential, registrationRecord, endsRecovery, replacedVersion, vault, session: made?.session ?? null,
    });
    if (outcome !== 'replaced') throw WIRE_ERROR_BY_OUTCOME[outcome]();
    await this.login.clearAttempts(login);
    return { vaultVersion: vault.version, session: made?.answer ?? null };
  }
}

function vaultOctets(base64url: string): Buffer {
  const sealed = Buffer.from(base64url, 'base64url');
  if (sealed.length > MAX_VAULT_BYTES) throw new WireError('tooLarge', 'vault over the limit');
  return sealed;
}
