import { Injectable } from '@nestjs/common';
import type { AccountId } from '@paloma/shared-model';
import type { CredentialKind } from '@paloma/crypto/public';
import { RECORD_COLUMN } from '../accounts/record-column.js';
import { Database, firstRow, type Sql } from '../database/database.js';
import { markSeen } from '../devices/mark-seen.js';
import { SESSION_COLUMNS, SessionRepository, type FoundSession, type StoredSession } from './session.repository.js';

@Injectable()
export class TypeormSessionRepository extends SessionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  add(session: StoredSession, { credential, registrationRecord }: { credential: CredentialKind; registrationRecord: string }): Promise<'added' | 'credentialEnded' | 'accountDisabled' | 'deviceRemoved'> {
    return this.database.transaction(async (sql) => {
      // Waits for a change of credentials that is under way, and sees what it left.
      const current = await firstRow(sql.rows<{ isDisabled: boolean }>(
        `SELECT disabled_at_ms IS NOT NULL AS "isDisabled" FROM account WHERE account_id = $1 AND ${RECORD_COLUMN[credential]} = $2 FOR SHARE`, [session.accountId, registrationRecord]));
      if (!current) return 'credentialEnded';
      if (current.isDisabled) return 'accountDisabled';
      if (!(await markSeen(sql, session))) return 'deviceRemoved';
      await insertSession(sql, session);
      return 'added';
    });
  }

  async find(tokenSha256: Uint8Array): Promise<FoundSession | null> {
    return firstRow(this.database.rows<FoundSession>(`SELECT ${SESSION_COLUMNS} FROM session JOIN account USING (account_id) WHERE token_sha256 = $1`, [tokenSha256]));
  }

  async touch({ accountId, tokenSha256 }: StoredSession, usedAtMs: number): Promise<void> {
    await this.database.rows('UPDATE session SET last_used_at_ms = $3 WHERE account_id = $1 AND token_sha256 = $2', [accountId, tokenSha256, usedAtMs]);
  }

  async remove({ accountId, tokenSha256 }: StoredSession): Promise<void> {
    await this.database.rows('DELETE FROM session WHERE account_id = $1 AND token_sha256 = $2', [accountId, tokenSha256]);
  }

  async removeUnused(accountId: AccountId, usedBeforeMs: number): Promise<void> {
    await this.database.rows('DELETE FROM session WHERE account_id = $1 AND last_used_at_ms < $2', [accountId, usedBeforeMs]);
  }
}

export async function insertSession(sql: Sql, { accountId, tokenSha256, replicaUid, createdAtMs, lastUsedAtMs }: StoredSession): Promise<void> {
  await sql.rows('INSERT INTO session (account_id, token_sha256, replica_uid, created_at_ms, last_used_at_ms) VALUES ($1, $2, $3, $4, $5)',
    [accountId, tokenSha256, replicaUid, createdAtMs, lastUsedAtMs]);
}
