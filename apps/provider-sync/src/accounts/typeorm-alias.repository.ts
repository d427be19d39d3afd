import { Injectable } from '@nestjs/common';
import type { AccountId, MailAddress } from '@paloma/shared-model';
import { Database, firstRow, type Sql } from '../database/database.js';
import { announce } from '../events/announce.js';
import { AliasRepository, type Alias } from './alias.repository.js';

@Injectable()
export class TypeormAliasRepository extends AliasRepository {
  constructor(private readonly database: Database) {
    super();
  }

  add({ alias, address }: Alias): Promise<'added' | 'addressTaken' | 'noSuchAccount'> {
    return this.database.transaction(async (sql) => {
      const owner = await firstRow(sql.rows<{ accountId: AccountId }>('SELECT account_id AS "accountId" FROM account_address WHERE address = $1 AND NOT is_alias', [address]));
      if (!owner) return 'noSuchAccount';
      const added = await sql.rows('INSERT INTO account_address (account_id, address, is_alias) VALUES ($1, $2, true) ON CONFLICT (address) DO NOTHING RETURNING 1', [owner.accountId, alias]);
      if (added.length === 0) return 'addressTaken';
      await tellDevices(sql, owner.accountId);
      return 'added';
    });
  }

  remove(alias: MailAddress): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const owner = await firstRow(sql.rows<{ accountId: AccountId }>('DELETE FROM account_address WHERE address = $1 AND is_alias RETURNING account_id AS "accountId"', [alias]));
      if (!owner) return false;
      await sql.rows('DELETE FROM certificate WHERE account_id = $1 AND address = $2', [owner.accountId, alias]);
      await tellDevices(sql, owner.accountId);
      return true;
    });
  }

  list(): Promise<Alias[]> {
    return this.database.rows<Alias>(
      `SELECT alias.address AS alias, own.address FROM account_address AS alias JOIN account_address AS own USING (account_id)
       WHERE alias.is_alias AND NOT own.is_alias ORDER BY alias.address`);
  }
}

function tellDevices(sql: Sql, accountId: AccountId): Promise<void> {
  return announce(sql, accountId, { event: 'devices', data: {} });
}
