import { Injectable } from '@nestjs/common';
import type { AccountId } from '@paloma/shared-model';
import { Database, firstRow } from '../database/database.js';
import { SessionRepository, type StoredSession } from './session.repository.js';

@Injectable()
export class TypeormSessionRepository extends SessionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async add({ accountId, tokenSha256, replicaUid, createdAtMs, lastUsedAtMs }: StoredSession): Promise<void> {
    await this.database.rows('INSERT INTO session (account_id, token_sha256, replica_uid, created_at_ms, last_used_at_ms) VALUES ($1, $2, $3, $4, $5)',
      [accountId, tokenSha256, replicaUid, createdAtMs, lastUsedAtMs]);
  }

  async find(tokenSha256: Uint8Array): Promise<StoredSession | null> {
    return firstRow(this.database.rows<StoredSession>(
      `SELECT account_id AS "accountId", token_sha256 AS "tokenSha256", replica_uid AS "replicaUid",
              created_at_ms AS "createdAtMs", last_used_at_ms AS "lastUsedAtMs"
       FROM session WHERE token_sha256 = $1`, [tokenSha256]));
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
