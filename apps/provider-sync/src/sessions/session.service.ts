import { Inject, Injectable } from '@nestjs/common';
import { equalInConstantTime, hashToken } from '@paloma/crypto/public';
import type { AccountId, Clock, MailAddress, RandomSource, ReplicaUid } from '@paloma/shared-model';
import type { CurrentSessionAnswer, SessionFinishAnswer } from '@paloma/sync-protocol';
import { AccountRepository } from '../accounts/account.repository.js';
import { CLOCK, RANDOM } from '../injection-tokens.js';
import { randomToken } from '../random-id.js';
import { WireError } from '../wire-error.js';
import { loginFailed, type ProvenLogin } from './login-proof.js';
import { SessionRepository, type FoundSession, type StoredSession } from './session.repository.js';

const DAY_MS = 24 * 60 * 60_000;
/** docs/protocol/accounts.md §2. */
const UNUSED_LIFETIME_MS = 30 * DAY_MS;
const ENTIRE_LIFETIME_MS = 180 * DAY_MS;
/** Use is noted this coarsely, so that a request does not cost a write. */
const TOUCH_INTERVAL_MS = 60 * 60_000;

/** Sessions: bearer tokens of 256 random bits, of which only the SHA-256 is kept. */
@Injectable()
export class SessionService {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly accounts: AccountRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: RandomSource,
  ) {}

  /** @throws {WireError} "loginFailed" when a change of the credential was faster, "accountDisabled", "gone" when the device was removed */
  async open(login: ProvenLogin, replicaUid: ReplicaUid): Promise<SessionFinishAnswer> {
    const { session, answer } = this.make(login.accountId, replicaUid);
    await this.sessions.removeUnused(login.accountId, session.createdAtMs - UNUSED_LIFETIME_MS);
    const outcome = await this.sessions.add(session, login);
    if (outcome === 'credentialEnded') throw loginFailed();
    if (outcome === 'accountDisabled') throw accountDisabled();
    if (outcome === 'deviceRemoved') throw new WireError('gone', 'the device was removed');
    return answer;
  }

  /** A session to be stored by the caller, and what its device is told of it. */
  make(accountId: AccountId, replicaUid: ReplicaUid): { session: StoredSession; answer: SessionFinishAnswer } {
    const token = randomToken(this.random);
    const nowMs = this.clock.nowMs();
    const session = { accountId, replicaUid, tokenSha256: hashToken(token), createdAtMs: nowMs, lastUsedAtMs: nowMs };
    return { session, answer: { token, accountId, expiresAtMs: expiryOf(session) } };
  }

  /** @throws {WireError} "unauthorized" for a token that is unknown, ended or expired, "accountDisabled" */
  async verify(token: string): Promise<StoredSession> {
    const tokenSha256 = hashToken(token);
    const session = await this.sessions.find(tokenSha256);
    const nowMs = this.clock.nowMs();
    if (!session || !equalInConstantTime(session.tokenSha256, tokenSha256) || this.isExpired(session)) {
      throw new WireError('unauthorized', 'no such session');
    }
    assertEnabled(session);
    if (nowMs - session.lastUsedAtMs > TOUCH_INTERVAL_MS) await this.sessions.touch(session, nowMs);
    return session;
  }

  async describe(session: StoredSession): Promise<CurrentSessionAnswer> {
    const { accountId } = session;
    return { accountId, addresses: await this.accounts.listAddresses(accountId), expiresAtMs: expiryOf(session) };
  }

  async isAlive(session: StoredSession): Promise<boolean> {
    const found = await this.sessions.find(session.tokenSha256);
    return found !== null && !found.isDisabled && !this.isExpired(found);
  }

  isExpired(session: StoredSession): boolean {
    return expiryOf(session) <= this.clock.nowMs();
  }

  listAddresses(session: StoredSession): Promise<MailAddress[]> {
    return this.accounts.listAddresses(session.accountId);
  }

  end(session: StoredSession): Promise<void> {
    return this.sessions.remove(session);
  }
}

/** @throws {WireError} "accountDisabled" */
export function assertEnabled({ isDisabled }: FoundSession): void {
  if (isDisabled) throw accountDisabled();
}

export function accountDisabled(): WireError {
  return new WireError('accountDisabled', 'the operator has disabled the account');
}

function expiryOf({ createdAtMs, lastUsedAtMs }: StoredSession): number {
  return Math.min(lastUsedAtMs + UNUSED_LIFETIME_MS, createdAtMs + ENTIRE_LIFETIME_MS);
}
