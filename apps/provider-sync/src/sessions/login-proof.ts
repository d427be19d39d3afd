// The second message of a log-in: whether it proves what the first began. Whoever asks for something that needs a fresh log-in
// (a session, a change of credentials) asks here, and does it only while the record is still the account's.

import { Inject, Injectable } from '@nestjs/common';
import { hashToken, opaqueFinishLogin, opaqueStartLogin, type CredentialKind } from '@paloma/crypto/public';
import { canonicalAddress, type AccountId, type Clock, type MailAddress, type RandomSource, type Redacted } from '@paloma/shared-model';
import { AccountRepository } from '../accounts/account.repository.js';
import { CLOCK, OPAQUE_SETUP, RANDOM } from '../injection-tokens.js';
import { randomToken } from '../random-id.js';
import { WireError } from '../wire-error.js';
import { LoginRepository } from './session.repository.js';

const LOGIN_LIFETIME_MS = 60_000;

/** Who logged in, with what. */
export interface ProvenLogin {
  accountId: AccountId;
  credential: CredentialKind;
  /** The record that the log-in was made with. */
  registrationRecord: string;
  /** Fresh, and known to the device alone besides us. */
  sessionKey: string;
  addressSha256: Uint8Array;
}

@Injectable()
export class LoginProof {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly logins: LoginRepository,
    @Inject(OPAQUE_SETUP) private readonly opaqueSetup: Redacted<string>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: RandomSource,
  ) {}

  /** Counts as an attempt on the address. An address without an account takes the same way and fails at the end. @throws {WireError} "rateLimited" */
  async start(address: MailAddress, credential: CredentialKind, startLoginRequest: string): Promise<{ loginId: string; loginResponse: string }> {
    const name = canonicalAddress(address);
    const addressSha256 = hashToken(name);
    await this.countAttempt(addressSha256);
    const found = await this.accounts.findCredentials(name, credential);
    const registrationRecord = found?.registrationRecord ?? null;
    const { loginState, loginResponse } = opaqueStartLogin({ setup: this.opaqueSetup.reveal(), address: name, credential, registrationRecord, startLoginRequest });
    const loginId = randomToken(this.random);
    const accountId = registrationRecord === null ? null : found?.accountId ?? null;
    const nowMs = this.clock.nowMs();
    await this.logins.add({ loginId, accountId, addressSha256, credential, registrationRecord, loginState, expiresAtMs: nowMs + LOGIN_LIFETIME_MS }, nowMs);
    return { loginId, loginResponse };
  }

  /** Uses the log-in up. @throws {WireError} "loginFailed" */
  async finish(loginId: string, finishLoginRequest: string): Promise<ProvenLogin> {
    const login = await this.logins.take(loginId, this.clock.nowMs());
    if (!login?.accountId || login.registrationRecord === null) throw loginFailed();
    const finished = opaqueFinishLogin({ loginState: login.loginState, finishLoginRequest });
    if (!finished.ok) throw loginFailed();
    const { accountId, credential, registrationRecord, addressSha256 } = login;
    return { accountId, credential, registrationRecord, sessionKey: finished.sessionKey, addressSha256 };
  }

  /** To be called when the log-in has led somewhere. */
  clearAttempts({ addressSha256 }: ProvenLogin): Promise<void> {
    return this.logins.clearAttempts(addressSha256);
  }

  private async countAttempt(addressSha256: Uint8Array): Promise<void> {
    const { retryAfterMs } = await this.logins.countAttempt(addressSha256, this.clock.nowMs());
    if (retryAfterMs > 0) throw new WireError('rateLimited', 'too many attempts to log in', { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) });
  }
}

export function loginFailed(): WireError {
  return new WireError('loginFailed', 'log in failed');
}
