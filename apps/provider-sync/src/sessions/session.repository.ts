import type { CredentialKind } from '@paloma/crypto/public';
import type { AccountId, ReplicaUid } from '@paloma/shared-model';

export interface StoredSession {
  accountId: AccountId;
  tokenSha256: Uint8Array;
  replicaUid: ReplicaUid;
  createdAtMs: number;
  lastUsedAtMs: number;
}

export interface FoundSession extends StoredSession {
  /** The operator has disabled the account: the session opens nothing until it is enabled again. */
  isDisabled: boolean;
}

/** Of the tables of sessions and accounts, as `FoundSession` names them. */
export const SESSION_COLUMNS = `account_id AS "accountId", token_sha256 AS "tokenSha256", replica_uid AS "replicaUid",
  session.created_at_ms AS "createdAtMs", last_used_at_ms AS "lastUsedAtMs", disabled_at_ms IS NOT NULL AS "isDisabled"`;

/** Sessions by the hash of their token. */
export abstract class SessionRepository {
  /**
   * Only while `registrationRecord` is still that of the credential: a log-in that a change of passphrase overtook opens nothing.
   */
  abstract add(session: StoredSession, login: { credential: CredentialKind; registrationRecord: string }): Promise<'added' | 'credentialEnded' | 'accountDisabled' | 'deviceRemoved'>;
  abstract find(tokenSha256: Uint8Array): Promise<FoundSession | null>;
  abstract touch(session: StoredSession, usedAtMs: number): Promise<void>;
  abstract remove(session: StoredSession): Promise<void>;
  /** Forgets the account's sessions that were last used before. */
  abstract removeUnused(accountId: AccountId, usedBeforeMs: number): Promise<void>;
}

export interface PendingLogin {
  loginId: string;
  /** Null: nobody has the address; the login runs on and fails at its end. */
  accountId: AccountId | null;
  addressSha256: Uint8Array;
  credential: CredentialKind;
  /** That of the credential when the login began; null with the account. */
  registrationRecord: string | null;
  /** Secret of the OPAQUE server between the two messages. */
  loginState: string;
  expiresAtMs: number;
}

/** Logins between their two messages, and how many were begun for each address. */
export abstract class LoginRepository {
  /** Also forgets all that expired before `nowMs`: anybody can begin one, so what nobody ends must not pile up. */
  abstract add(login: PendingLogin, nowMs: number): Promise<void>;
  /** Gives the login once and forgets it; null when it has expired. */
  abstract take(loginId: string, nowMs: number): Promise<PendingLogin | null>;
  /** Counts an attempt. Answers 0, or how long until attempts on the address are allowed again. */
  abstract countAttempt(addressSha256: Uint8Array, nowMs: number): Promise<{ retryAfterMs: number }>;
  abstract clearAttempts(addressSha256: Uint8Array): Promise<void>;
}

