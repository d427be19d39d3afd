import type { AccountId, Generation, TransactionId } from '@paloma/shared-model';
import { firstRow, type Sql } from '../database/database.js';
import { WireError } from '../wire-error.js';

export interface LockedAccount {
  generation: Generation;
  transactionId: TransactionId;
  usedBytes: number;
  quotaBytes: number;
  isDisabled: boolean;
}

const COLUMNS = 'generation, transaction_id AS "transactionId", used_bytes AS "usedBytes", quota_bytes AS "quotaBytes", disabled_at_ms IS NOT NULL AS "isDisabled"';

/**
 * Locks the account until the transaction ends: whoever changes its log or what it stores comes one after another.
 * @throws {WireError} "notFound"
 */
export async function lockAccount(sql: Sql, accountId: AccountId): Promise<LockedAccount> {
  const account = await firstRow(sql.rows<LockedAccount>(
    `SELECT ${COLUMNS} FROM account WHERE account_id = $1 FOR NO KEY UPDATE`, [accountId]));
  if (!account) throw new WireError('notFound', 'no such account');
  return account;
}

export function hasRoom({ usedBytes, quotaBytes }: LockedAccount, addedBytes: number): boolean {
  return addedBytes <= 0 || usedBytes + addedBytes <= quotaBytes;
}

/** Books storage used (or freed, when negative). The account is locked. */
export async function bookBytes(sql: Sql, accountId: AccountId, addedBytes: number): Promise<void> {
  if (addedBytes !== 0) await sql.rows('UPDATE account SET used_bytes = used_bytes + $2 WHERE account_id = $1', [accountId, addedBytes]);
}
