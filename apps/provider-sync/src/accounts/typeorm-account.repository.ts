import { Injectable } from '@nestjs/common';
import { hashToken, type CredentialKind } from '@paloma/crypto/public';
import type { AccountId, MailAddress, Redacted } from '@paloma/shared-model';
import { Database, firstRow, type Sql } from '../database/database.js';
import { AccountRepository, type Credentials, type NewAccount } from './account.repository.js';
import { RECORD_COLUMN } from './record-column.js';
import { isRetired } from './retired-address.js';

/** Ends the transaction of an account that cannot be made. */
class NotCreated extends Error {
  constructor(readonly outcome: 'addressTaken' | 'invalidInvite') {
    super(outcome);
  }
}

@Injectable()
export class TypeormAccountRepository extends AccountRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async isAddressTaken(address: MailAddress): Promise<boolean> {
    return (await this.database.rows('SELECT 1 FROM account_address WHERE address = $1', [address])).length > 0 || isRetired(this.database, address);
  }

  async create(account: NewAccount, invitation: Redacted<string> | null): Promise<'created' | 'addressTaken' | 'invalidInvite'> {
    try {
      await this.database.transaction(async (sql) => {
        if (invitation) await spendInvitation(sql, invitation);
        await insertAccount(sql, account);
      });
      return 'created';
    } catch (error) {
      if (error instanceof NotCreated) return error.outcome;
      throw error;
    }
  }

  async findCredentials(address: MailAddress, kind: CredentialKind): Promise<Credentials | null> {
    return firstRow(this.database.rows<Credentials>(
      `SELECT account_id AS "accountId", ${RECORD_COLUMN[kind]} AS "registrationRecord"
       FROM account_address JOIN account USING (account_id) WHERE address = $1 AND NOT is_alias`, [address]));
  }

  async listAddresses(accountId: AccountId): Promise<MailAddress[]> {
    const rows = await this.database.rows<{ address: MailAddress }>('SELECT address FROM account_address WHERE account_id = $1 ORDER BY is_alias, address', [accountId]);
    return rows.map(({ address }) => address);
  }

  async addInvitation(code: Redacted<string>, createdAtMs: number): Promise<void> {
    await this.database.rows('INSERT INTO invitation (code_sha256, created_at_ms) VALUES ($1, $2)', [hashToken(code.reveal()), createdAtMs]);
  }
}

async function spendInvitation(sql: Sql, code: Redacted<string>): Promise<void> {
  const spent = await sql.rows('DELETE FROM invitation WHERE code_sha256 = $1 RETURNING 1', [hashToken(code.reveal())]);
  if (spent.length === 0) throw new NotCreated('invalidInvite');
}

async function insertAccount(sql: Sql, { accountId, address, registrationRecord, quotaBytes, createdAtMs }: NewAccount): Promise<void> {
  await sql.rows('INSERT INTO account (account_id, registration_record, quota_bytes, created_at_ms) VALUES ($1, $2, $3, $4)',
    [accountId, registrationRecord, quotaBytes, createdAtMs]);
  const inserted = await sql.rows('INSERT INTO account_address (account_id, address) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING RETURNING 1', [accountId, address]);
  if (inserted.length === 0 || await isRetired(sql, address)) throw new NotCreated('addressTaken');
}
