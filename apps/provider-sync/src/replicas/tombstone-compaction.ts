// Removes tombstones that every replica has seen, docs/protocol/sync.md §4.1. An account is locked while it is compacted, as for
// a push; two processes that come at once find each other's work done.

import { Inject, Injectable } from '@nestjs/common';
import type { AccountId, Clock, DocumentClass, Generation } from '@paloma/shared-model';
import { bookBytes, lockAccount } from '../accounts/locked-account.js';
import { Database, firstRow, type Sql } from '../database/database.js';
import { CLOCK } from '../injection-tokens.js';
import { passedBy } from './passed-by.js';

const YEAR_MS = 365 * 24 * 60 * 60_000;
/** Tombstones of one transaction: how long an account is locked. */
const BATCH_TOMBSTONES = 5_000;

/** Of one class, in one batch. */
interface Removed {
  documentClass: DocumentClass;
  count: number;
  sealedBytes: number;
  through: Generation;
}

@Injectable()
export class TombstoneCompaction {
  constructor(private readonly database: Database, @Inject(CLOCK) private readonly clock: Clock) {}

  /** Once through all accounts. Returns how many tombstones were removed. */
  async run(): Promise<number> {
    await this.#forgetReplicas();
    let removed = 0;
    for (let accountId = await this.#nextAccount(''); accountId !== null; accountId = await this.#nextAccount(accountId)) {
      removed += await this.#compact(accountId);
    }
    return removed;
  }

  /** Those unseen for a year: their uid is spent, as if their user had removed them. */
  async #forgetReplicas(): Promise<void> {
    const nowMs = this.clock.nowMs();
    await this.database.rows('UPDATE replica SET removed_at_ms = $1 WHERE removed_at_ms IS NULL AND last_seen_at_ms <= $2', [nowMs, nowMs - YEAR_MS]);
  }

  /** The next account, in the order of ids, that has tombstones. */
  async #nextAccount(after: string): Promise<AccountId | null> {
    const row = await firstRow(this.database.rows<{ accountId: AccountId }>(
      'SELECT account_id AS "accountId" FROM document WHERE is_tombstone AND account_id > $1 ORDER BY account_id LIMIT 1', [after]));
    return row?.accountId ?? null;
  }

  async #compact(accountId: AccountId): Promise<number> {
    let removed = 0;
    for (let batch = BATCH_TOMBSTONES; batch >= BATCH_TOMBSTONES; removed += batch) {
      batch = await this.database.transaction((sql) => compactBatch(sql, accountId));
    }
    return removed;
  }
}

async function compactBatch(sql: Sql, accountId: AccountId): Promise<number> {
  const { generation } = await lockAccount(sql, accountId);
  const removed = await removeTombstones(sql, accountId, await passedBy(sql, accountId, generation));
  for (const { documentClass, through } of removed) {
    await sql.rows(
      `INSERT INTO compaction AS known (account_id, class, through) VALUES ($1, $2, $3)
       ON CONFLICT (account_id, class) DO UPDATE SET through = greatest(known.through, excluded.through)`, [accountId, documentClass, through]);
  }
  await bookBytes(sql, accountId, -removed.reduce((sum, { sealedBytes }) => sum + sealedBytes, 0));
  return removed.reduce((sum, { count }) => sum + count, 0);
}

function removeTombstones(sql: Sql, accountId: AccountId, through: Generation): Promise<Removed[]> {
  return sql.rows<Removed>(
    `WITH removed AS (
       DELETE FROM document WHERE account_id = $1 AND generation IN (
         SELECT generation FROM document WHERE account_id = $1 AND is_tombstone AND generation <= $2 ORDER BY generation LIMIT $3)
       RETURNING class, generation, octet_length(sealed) AS sealed_bytes)
     SELECT class AS "documentClass", count(*) AS count, sum(sealed_bytes)::bigint AS "sealedBytes", max(generation) AS through FROM removed GROUP BY class`,
    [accountId, through, BATCH_TOMBSTONES]);
}
