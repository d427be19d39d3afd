import { Injectable } from '@nestjs/common';
import type { AccountId } from '@paloma/shared-model';
import { Database, firstRow, type Sql } from '../database/database.js';
import { announce } from '../events/announce.js';
import { VaultRepository, type StoredVault } from './vault.repository.js';

const INSERT_FIRST = 'INSERT INTO vault (account_id, version, sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1';
const REPLACE = 'UPDATE vault SET version = $2, sealed = $3 WHERE account_id = $1 AND version = $4 RETURNING 1';

@Injectable()
export class TypeormVaultRepository extends VaultRepository {
  constructor(private readonly database: Database) {
    super();
  }

  find(accountId: AccountId): Promise<StoredVault | null> {
    return firstRow(this.database.rows<StoredVault>('SELECT version, sealed FROM vault WHERE account_id = $1', [accountId]));
  }

  save(accountId: AccountId, { version, sealed }: StoredVault, expected: string | null): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      if (expected !== null) return replaceVault(sql, accountId, { version, sealed }, expected);
      const stored = await sql.rows(INSERT_FIRST, [accountId, version, sealed]);
      if (stored.length > 0) await announce(sql, accountId, { event: 'vault', data: { version } });
      return stored.length > 0;
    });
  }
}

/** False, and nothing written, when the vault is not `expected` any more. Tells the account's devices. */
export async function replaceVault(sql: Sql, accountId: AccountId, { version, sealed }: StoredVault, expected: string): Promise<boolean> {
  const stored = await sql.rows(REPLACE, [accountId, version, sealed, expected]);
  if (stored.length > 0) await announce(sql, accountId, { event: 'vault', data: { version } });
  return stored.length > 0;
}
