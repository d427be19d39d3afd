import { Injectable } from '@nestjs/common';
import { Database, firstRow } from '../database/database.js';
import { LoginRepository, type PendingLogin } from './session.repository.js';

/** docs/protocol/accounts.md §2: 10 in 15 minutes. OPAQUE makes each guess a message to us, and this is what bounds guessing. */
const MAX_ATTEMPTS = 10;
const ATTEMPT_WINDOW_MS = 15 * 60_000;

@Injectable()
export class TypeormLoginRepository extends LoginRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async add({ loginId, accountId, addressSha256, credential, registrationRecord, loginState, expiresAtMs }: PendingLogin, nowMs: number): Promise<void> {
    await this.database.rows('DELETE FROM pending_login WHERE expires_at_ms <= $1', [nowMs]);
    await this.database.rows('INSERT INTO pending_login (login_id, account_id, address_sha256, credential, registration_record, login_state, expires_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [loginId, accountId, addressSha256, credential, registrationRecord, loginState, expiresAtMs]);
  }

  async take(loginId: string, nowMs: number): Promise<PendingLogin | null> {
    return firstRow(this.database.rows<PendingLogin>(
      `DELETE FROM pending_login WHERE login_id = $1 AND expires_at_ms > $2
       RETURNING login_id AS "loginId", account_id AS "accountId", address_sha256 AS "addressSha256", credential,
         registration_record AS "registrationRecord", login_state AS "loginState", expires_at_ms AS "expiresAtMs"`, [loginId, nowMs]));
  }

  async countAttempt(addressSha256: Uint8Array, nowMs: number): Promise<{ retryAfterMs: number }> {
    await this.database.rows('DELETE FROM login_attempt WHERE window_started_at_ms <= $1', [nowMs - ATTEMPT_WINDOW_MS]);
    const [row] = await this.database.rows<{ attempts: number; startedAtMs: number }>(
      `INSERT INTO login_attempt AS seen (address_sha256, window_started_at_ms, attempts) VALUES ($1, $2, 1)
       ON CONFLICT (address_sha256) DO UPDATE SET attempts = seen.attempts + 1
       RETURNING attempts, window_started_at_ms AS "startedAtMs"`, [addressSha256, nowMs]);
    if (!row || row.attempts <= MAX_ATTEMPTS) return { retryAfterMs: 0 };
    return { retryAfterMs: row.startedAtMs + ATTEMPT_WINDOW_MS - nowMs };
  }

  async clearAttempts(addressSha256: Uint8Array): Promise<void> {
    await this.database.rows('DELETE FROM login_attempt WHERE address_sha256 = $1', [addressSha256]);
  }
}
