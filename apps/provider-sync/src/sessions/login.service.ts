// Log in by OPAQUE (RFC 9807), docs/protocol/accounts.md §2. An address without an account takes the same way through the
// same tables and fails at the end, so that nobody learns from the answers who has an account.

import { Inject, Injectable } from '@nestjs/common';
import { hashToken, opaqueFinishLogin, opaqueStartLogin } from '@paloma/crypto/public';
import { canonicalAddress, type Clock, type RandomSource, type Redacted } from '@paloma/shared-model';
import type { SessionFinishAnswer, SessionFinishRequest, SessionStartAnswer, SessionStartRequest } from '@paloma/sync-protocol';
import { AccountRepository } from '../accounts/account.repository.js';
import { CLOCK, OPAQUE_SETUP, RANDOM } from '../injection-tokens.js';
import { randomToken } from '../random-id.js';
import { WireError } from '../wire-error.js';
import { LoginRepository } from './session.repository.js';
import { SessionService } from './session.service.js';

const LOGIN_LIFETIME_MS = 60_000;

@Injectable()
export class LoginService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly logins: LoginRepository,
    private readonly sessions: SessionService,
    @Inject(OPAQUE_SETUP) private readonly opaqueSetup: Redacted<string>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: RandomSource,
  ) {}

  async start({ address, startLoginRequest }: SessionStartRequest): Promise<SessionStartAnswer> {
    const name = canonicalAddress(address);
    const addressSha256 = hashToken(name);
    await this.countAttempt(addressSha256);
    const credentials = await this.accounts.findCredentials(name);
    const registrationRecord = credentials?.registrationRecord ?? null;
    const { loginState, loginResponse } = opaqueStartLogin({ setup: this.opaqueSetup.reveal(), address: name, registrationRecord, startLoginRequest });
    const loginId = randomToken(this.random);
    await this.logins.add({ loginId, accountId: credentials?.accountId ?? null, addressSha256, loginState, expiresAtMs: this.clock.nowMs() + LOGIN_LIFETIME_MS });
    return { loginId, loginResponse };
  }

  async finish({ loginId, finishLoginRequest, replicaUid }: SessionFinishRequest): Promise<SessionFinishAnswer> {
    const login = await this.logins.take(loginId, this.clock.nowMs());
    if (!login?.accountId || !opaqueFinishLogin({ loginState: login.loginState, finishLoginRequest }).ok) {
      throw new WireError('loginFailed', 'log in failed');
    }
    await this.logins.clearAttempts(login.addressSha256);
    return this.sessions.open(login.accountId, replicaUid);
  }

  private async countAttempt(addressSha256: Uint8Array): Promise<void> {
    const { retryAfterMs } = await this.logins.countAttempt(addressSha256, this.clock.nowMs());
    if (retryAfterMs > 0) throw new WireError('rateLimited', 'too many attempts to log in', { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) });
  }
}
