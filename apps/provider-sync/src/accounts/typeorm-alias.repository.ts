import { Injectable } from '@nestjs/common';
import type { AccountId, MailAddress } from '@paloma/shared-model';
import { Database, firstRow, type Sql } from '../database/database.js';
import { announce } from '../events/announce.js';
import { AliasRepository, type Alias } from './alias.repository.js';
import { isRetired } from './retired-address.js';

type AliasRefusal = Exclude<Awaited<ReturnType<AliasRepository['add']>>, 'added'>;

/** Ends the transaction of an alias that is refused. */
class NotAdded extends Error {
  constructor(readonly refusal: AliasRefusal) {
    super(refusal);
  }
}

@Injectable()
export class TypeormAliasRepository extends AliasRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async add({ alias, address }: Alias): Promise<'added' | AliasRefusal> {
    try {
      await this.database.transaction(async (sql) => {
        const owner = await firstRow(sql.rows<{ accountId: AccountId }>('SELECT account_id AS "accountId" FROM account_address WHERE address = $1 AND NOT is_alias', [address]));
        if (!owner) throw new NotAdded('noSuchAccount');
        const added = await sql.rows('INSERT INTO account_address (account_id, address, is_alias) VALUES ($1, $2, true) ON CONFLICT (address) DO NOTHING RETURNING 1', [owner.accountId, alias]);
        if (added.length === 0) throw new NotAdded('addressTaken');
        if (await isRetired(sql, alias)) throw new NotAdded('addressRetired');
        await tellDevices(sql, owner.accountId);
      });
      return 'added';
    } catch (error) {
      if (error instanceof NotAdded) return error.refusal;
      throw error;
    }
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
