// Log in by OPAQUE (RFC 9807), docs/protocol/accounts.md §2. An address without an account takes the same way through the
// same tables and fails at the end, so that nobody learns from the answers who has an account.

import { Injectable } from '@nestjs/common';
import type { SessionFinishAnswer, SessionFinishRequest, SessionStartAnswer, SessionStartRequest } from '@paloma/sync-protocol';
import { LoginProof } from './login-proof.js';
import { SessionService } from './session.service.js';

@Injectable()
export class LoginService {
  constructor(private readonly proof: LoginProof, private readonly sessions: SessionService) {}

  start({ address, credential, startLoginRequest }: SessionStartRequest): Promise<SessionStartAnswer> {
    return this.proof.start(address, credential, startLoginRequest);
  }

  async finish({ loginId, finishLoginRequest, replicaUid }: SessionFinishRequest): Promise<SessionFinishAnswer> {
    const login = await this.proof.finish(loginId, finishLoginRequest);
    const session = await this.sessions.open(login, replicaUid);
    await this.proof.clearAttempts(login);
    return session;
  }
}
