import { Injectable } from '@nestjs/common';
import type { MailAddress } from '@paloma/shared-model';
import { Database, firstRow } from '../database/database.js';
import { CertificateRepository, type Recipient, type StoredCertificate } from './certificate.repository.js';

@Injectable()
export class TypeormCertificateRepository extends CertificateRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async save({ accountId, address, wkdHash, transferablePublicKey }: StoredCertificate): Promise<void> {
    // Two devices, or two starts, may publish at once. Of two unique indexes ON CONFLICT watches one; taking turns settles both.
    await this.database.rows(
      `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended($2::text, 0)))
       INSERT INTO certificate (account_id, address, wkd_hash, transferable_public_key) SELECT $1::text, $2::text, $3::text, $4::bytea FROM turn
       ON CONFLICT (account_id, address) DO UPDATE SET transferable_public_key = excluded.transferable_public_key`,
      [accountId, address, wkdHash, transferablePublicKey]);
  }

  async findByWkdHash(wkdHash: string): Promise<Uint8Array | null> {
    const row = await firstRow(this.database.rows<{ octets: Uint8Array }>('SELECT transferable_public_key AS octets FROM certificate WHERE wkd_hash = $1 LIMIT 1', [wkdHash]));
    return row?.octets ?? null;
  }

  findRecipient(address: MailAddress): Promise<Recipient | null> {
    return firstRow(this.database.rows<Recipient>(
      `SELECT account_id AS "accountId", used_bytes >= quota_bytes AS "isOverQuota", disabled_at_ms IS NOT NULL AS "isDisabled",
         (SELECT transferable_public_key FROM certificate JOIN account_address USING (account_id, address)
          WHERE account_id = account.account_id AND (address = $1 OR NOT is_alias) ORDER BY is_alias DESC LIMIT 1) AS certificate
       FROM account_address JOIN account USING (account_id) WHERE address = $1`, [address]));
  }
}
