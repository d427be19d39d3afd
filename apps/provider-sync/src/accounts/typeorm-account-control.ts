import type { AccountId, MailAddress } from '@paloma/shared-model';
import { hashToken } from '@paloma/crypto/public';
import type { BlobDirectory } from '../blobs/blob-directory.js';
import { firstRow, type Database, type Sql } from '../database/database.js';
import { announce } from '../events/announce.js';
import { AccountControl, type AccountFacts } from './account-control.js';
import { release, retire } from './retired-address.js';

const NAMED = 'account_id = (SELECT account_id FROM account_address WHERE address = $1 AND NOT is_alias)';

export class TypeormAccountControl extends AccountControl {
  constructor(private readonly database: Database, private readonly blobDirectory: BlobDirectory) {
    super();
  }

  list(): Promise<AccountFacts[]> {
    return this.database.rows<AccountFacts>(
      `SELECT address, created_at_ms AS "createdAtMs", used_bytes AS "usedBytes", quota_bytes AS "quotaBytes", disabled_at_ms IS NOT NULL AS "isDisabled",
         (SELECT count(*) FROM account_address AS alias WHERE alias.account_id = account.account_id AND is_alias) AS aliases,
         (SELECT count(*) FROM replica WHERE replica.account_id = account.account_id AND removed_at_ms IS NULL) AS devices,
         greatest((SELECT max(last_seen_at_ms) FROM replica WHERE replica.account_id = account.account_id),
                  (SELECT max(last_used_at_ms) FROM session WHERE session.account_id = account.account_id)) AS "lastSeenAtMs",
         (SELECT count(*) FROM incoming_item WHERE incoming_item.account_id = account.account_id AND taken_at_ms IS NULL) AS "waitingItems"
       FROM account JOIN account_address AS own USING (account_id) WHERE NOT own.is_alias ORDER BY address`);
  }

  /** Waits for a delivery or a push that is under way; the next one sees it. */
  setDisabled(address: MailAddress, disabledAtMs: number | null): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const account = await firstRow(sql.rows<{ accountId: AccountId }>(
        `UPDATE account SET disabled_at_ms = $2 WHERE ${NAMED} RETURNING account_id AS "accountId"`, [address, disabledAtMs]));
      if (account) await announce(sql, account.accountId, { event: 'devices', data: {} });
      return account !== null;
    });
  }

  async setQuota(address: MailAddress, quotaBytes: number): Promise<boolean> {
    return (await this.database.rows(`UPDATE account SET quota_bytes = $2 WHERE ${NAMED} RETURNING 1`, [address, quotaBytes])).length > 0;
  }

  remove(address: MailAddress, nowMs: number): Promise<'removed' | 'noSuchAccount' | 'notDisabled'> {
    return this.database.transaction(async (sql) => {
      const account = await firstRow(sql.rows<{ accountId: AccountId; isDisabled: boolean }>(
        `SELECT account_id AS "accountId", disabled_at_ms IS NOT NULL AS "isDisabled" FROM account WHERE ${NAMED} FOR UPDATE`, [address]));
      if (!account) return 'noSuchAccount';
      if (!account.isDisabled) return 'notDisabled';
      await removeRows(sql, account.accountId, nowMs);
      // Before the commit: while the account is there, what an interruption left can be removed by the same command.
      await this.blobDirectory.removeAll(account.accountId);
      return 'removed';
    });
  }

  release(address: MailAddress): Promise<boolean> {
    return release(this.database, address);
  }
}

/** What refers to the account goes with it. */
async function removeRows(sql: Sql, accountId: AccountId, nowMs: number): Promise<void> {
  const rows = await sql.rows<{ address: MailAddress }>('SELECT address FROM account_address WHERE account_id = $1', [accountId]);
  const addresses = rows.map(({ address }) => address);
  await retire(sql, addresses, nowMs);
  for (const address of addresses) await sql.rows('DELETE FROM login_attempt WHERE address_sha256 = $1', [hashToken(address)]);
  await sql.rows('DELETE FROM pending_login WHERE account_id = $1', [accountId]);
  await announce(sql, accountId, { event: 'devices', data: {} });
  await sql.rows('DELETE FROM account WHERE account_id = $1', [accountId]);
}
