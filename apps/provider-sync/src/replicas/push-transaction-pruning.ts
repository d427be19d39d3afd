// Forgets heads of the log that no replica can still know as its newest: docs/protocol/sync.md §4.2. Needs no lock: a head that is
// given out meanwhile is newer than all that goes.

import { Injectable } from '@nestjs/common';
import type { AccountId, Generation } from '@paloma/shared-model';
import { Database, firstRow } from '../database/database.js';
import { passedBy } from './passed-by.js';

/** Heads of one statement. */
const BATCH_HEADS = 10_000;

@Injectable()
export class PushTransactionPruning {
  constructor(private readonly database: Database) {}

  /** Once through all accounts. Returns how many heads were forgotten. */
  async run(): Promise<number> {
    let removed = 0;
    for (let next = await this.#nextAccount(''); next !== null; next = await this.#nextAccount(next.accountId)) {
      removed += await this.#prune(next.accountId, await passedBy(this.database, next.accountId, next.head));
    }
    return removed;
  }

  /** The next account, in the order of ids, that was ever pushed to. */
  #nextAccount(after: string): Promise<{ accountId: AccountId; head: Generation } | null> {
    return firstRow(this.database.rows(
      `SELECT account_id AS "accountId", generation AS head FROM account
       WHERE generation > 0 AND account_id > $1 ORDER BY account_id LIMIT 1`, [after]));
  }

  /** Never the newest of all, however far a replica says that it has gone: whoever asks next may know it. */
  async #prune(accountId: AccountId, through: Generation): Promise<number> {
    let removed = 0;
    for (let batch = BATCH_HEADS; batch >= BATCH_HEADS; removed += batch) {
      const rows = await this.database.rows(
        `DELETE FROM push_transaction WHERE account_id = $1 AND generation IN (
           SELECT generation FROM push_transaction WHERE account_id = $1 AND generation < least($2, (SELECT generation FROM account WHERE account_id = $1))
           ORDER BY generation LIMIT $3) RETURNING 1`, [accountId, through, BATCH_HEADS]);
      batch = rows.length;
    }
    return removed;
  }
}
