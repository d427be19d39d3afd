import { Injectable } from '@nestjs/common';
import type { AccountId } from '@paloma/shared-model';
import { Database, firstRow } from '../database/database.js';
import { SESSION_COLUMNS, type FoundSession, type StoredSession } from '../sessions/session.repository.js';
import { SubmissionCertificateRepository, type ListedSubmissionCertificate, type StoredSubmissionCertificate } from './submission-certificate.repository.js';

@Injectable()
export class TypeormSubmissionCertificateRepository extends SubmissionCertificateRepository {
  constructor(private readonly database: Database) {
    super();
  }

  add(
    { accountId, tokenSha256 }: StoredSession, { certificateId, sha256, createdAtMs, expiresAtMs }: StoredSubmissionCertificate, limit: number,
  ): Promise<'added' | 'full' | 'sessionEnded'> {
    return this.database.transaction(async (sql) => {
      await sql.rows('SELECT 1 FROM account WHERE account_id = $1 FOR NO KEY UPDATE', [accountId]);   // one after another, or two would both be the last
      await sql.rows('DELETE FROM submission_certificate WHERE account_id = $1 AND expires_at_ms <= $2', [accountId, createdAtMs]);
      const known = await sql.rows('SELECT 1 FROM submission_certificate WHERE account_id = $1', [accountId]);
      if (known.length >= limit) return 'full';
      const added = await sql.rows(
        `INSERT INTO submission_certificate (account_id, token_sha256, certificate_id, certificate_sha256, created_at_ms, expires_at_ms)
         SELECT account_id, token_sha256, $3::text, $4::bytea, $5::bigint, $6::bigint FROM session WHERE account_id = $1 AND token_sha256 = $2 FOR KEY SHARE RETURNING 1`,
        [accountId, tokenSha256, certificateId, sha256, createdAtMs, expiresAtMs]);
      return added.length > 0 ? 'added' : 'sessionEnded';
    });
  }

  findSession(sha256: Uint8Array, nowMs: number): Promise<FoundSession | null> {
    return firstRow(this.database.rows<FoundSession>(
      `SELECT ${SESSION_COLUMNS} FROM submission_certificate JOIN session USING (account_id, token_sha256) JOIN account USING (account_id)
       WHERE certificate_sha256 = $1 AND expires_at_ms > $2`, [sha256, nowMs]));
  }

  list(accountId: AccountId, nowMs: number): Promise<ListedSubmissionCertificate[]> {
    return this.database.rows<ListedSubmissionCertificate>(
      `SELECT certificate_id AS "certificateId", replica_uid AS "replicaUid", certificate.created_at_ms AS "createdAtMs", expires_at_ms AS "expiresAtMs"
       FROM submission_certificate AS certificate JOIN session USING (account_id, token_sha256)
       WHERE account_id = $1 AND expires_at_ms > $2 ORDER BY certificate.created_at_ms, certificate_id`, [accountId, nowMs]);
  }

  async remove(accountId: AccountId, certificateId: string): Promise<boolean> {
    return (await this.database.rows('DELETE FROM submission_certificate WHERE account_id = $1 AND certificate_id = $2 RETURNING 1', [accountId, certificateId])).length > 0;
  }
}
