import { Inject, Injectable } from '@nestjs/common';
import { INCOMING_LEASE_MS, type AccountId, type Clock, type IncomingItemId, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import type { ItemLease, LeasedItem, SettleRequest } from '@paloma/sync-protocol';
import { bookBytes, hasRoom, lockAccount } from '../accounts/locked-account.js';
import type { OctetsAtRest } from '../blobs/octets-at-rest.js';
import { Database, firstRow, type Sql } from '../database/database.js';
import { announce } from '../events/announce.js';
import { CLOCK, RANDOM } from '../injection-tokens.js';
import { randomId } from '../random-id.js';
import { WireError } from '../wire-error.js';
import { backOffMs } from './back-off.js';
import { IncomingBox, type Delivered, type Settled } from './incoming-box.js';

/** docs/protocol/services-api.md §3: how long a repeated delivery of what was taken is recognised. */
const TAKEN_IS_REMEMBERED_MS = 7 * 24 * 60 * 60_000;

const WAITING_COUNT = 'SELECT count(*) AS waiting FROM incoming_item WHERE account_id = $1 AND taken_at_ms IS NULL';

@Injectable()
export class TypeormIncomingBox extends IncomingBox {
  constructor(private readonly database: Database, @Inject(CLOCK) private readonly clock: Clock, @Inject(RANDOM) private readonly random: RandomSource) {
    super();
  }

  async isKnown(accountId: AccountId, itemId: IncomingItemId): Promise<boolean> {
    const rows = await this.database.rows('SELECT 1 FROM incoming_item WHERE account_id = $1 AND item_id = $2 AND (taken_at_ms IS NULL OR taken_at_ms > $3)',
      [accountId, itemId, this.#forgetBeforeMs()]);
    return rows.length > 0;
  }

  async deliver(accountId: AccountId, itemId: IncomingItemId, octets: OctetsAtRest): Promise<Delivered> {
    return this.database.transaction(async (sql) => {
      const account = await lockAccount(sql, accountId).catch(nullWhenNotFound);
      if (!account) return 'noAccount';
      await sql.rows('DELETE FROM incoming_item WHERE account_id = $1 AND taken_at_ms <= $2', [accountId, this.#forgetBeforeMs()]);
      const isStored = await this.#insert(sql, accountId, itemId, octets, hasRoom(account, octets.sizeBytes));
      if (isStored !== 'stored') return isStored;
      await bookBytes(sql, accountId, octets.sizeBytes);
      await announceWaiting(sql, accountId);
      return 'stored';
    });
  }

  async lease(accountId: AccountId, replica: ReplicaUid, limit: number): Promise<LeasedItem[]> {
    const nowMs = this.clock.nowMs();
    const freshLeases = Array.from({ length: limit }, () => randomId(this.random));
    const rows = await this.database.rows<LeasedItem>(
      `WITH offered AS (
         SELECT item_id, row_number() OVER () AS position FROM (
           SELECT item_id FROM incoming_item
           WHERE account_id = $1 AND taken_at_ms IS NULL AND available_at_ms <= $2
             AND (lease IS NULL OR leased_by = $3 OR lease_until_ms <= $2)
           ORDER BY received_at_ms, item_id LIMIT $4 FOR UPDATE SKIP LOCKED) AS oldest)
       UPDATE incoming_item AS item
       SET lease = CASE WHEN item.leased_by = $3 THEN item.lease ELSE ($5::text[])[offered.position] END, leased_by = $3, lease_until_ms = $6
       FROM offered WHERE item.account_id = $1 AND item.item_id = offered.item_id
       RETURNING item.item_id AS "itemId", item.lease, item.size_bytes AS "sizeBytes", item.received_at_ms AS "receivedAtMs",
                 item.attempts, item.lease_until_ms AS "leaseUntilMs"`,
      [accountId, nowMs, replica, limit, freshLeases, nowMs + INCOMING_LEASE_MS]);
    return rows.sort((a, b) => a.receivedAtMs - b.receivedAtMs || (a.itemId < b.itemId ? -1 : 1));
  }

  find(accountId: AccountId, { itemId, lease }: ItemLease): Promise<OctetsAtRest | null> {
    return firstRow(this.database.rows<OctetsAtRest>(
      `SELECT size_bytes AS "sizeBytes", sealed, file_id AS "fileId" FROM incoming_item
       WHERE account_id = $1 AND item_id = $2 AND lease = $3 AND taken_at_ms IS NULL`, [accountId, itemId, lease]));
  }

  settle(accountId: AccountId, { acks, releases, failures }: SettleRequest): Promise<Settled> {
    return this.database.transaction(async (sql) => {
      await lockAccount(sql, accountId);
      const settled: Settled = { lost: [], taken: [] };
      for (const ack of acks) await this.#acknowledge(sql, accountId, ack, settled);
      for (const release of releases) await this.#release(sql, accountId, release, settled);
      for (const failure of failures) await this.#fail(sql, accountId, failure, settled);
      if (releases.length > 0) await announceWaiting(sql, accountId);
      return settled;
    });
  }

  async countWaiting(accountId: AccountId): Promise<number> {
    return countWaiting(this.database, accountId);
  }

  async #insert(sql: Sql, accountId: AccountId, itemId: IncomingItemId, { sizeBytes, sealed, fileId }: OctetsAtRest, isRoom: boolean): Promise<Delivered> {
    const known = await sql.rows('SELECT 1 FROM incoming_item WHERE account_id = $1 AND item_id = $2', [accountId, itemId]);
    if (known.length > 0) return 'alreadyThere';
    if (!isRoom) return 'quotaExceeded';
    await sql.rows('INSERT INTO incoming_item (account_id, item_id, size_bytes, received_at_ms, available_at_ms, sealed, file_id) VALUES ($1, $2, $3, $4, $4, $5, $6)',
      [accountId, itemId, sizeBytes, this.clock.nowMs(), sealed, fileId]);
    return 'stored';
  }

  async #acknowledge(sql: Sql, accountId: AccountId, ack: ItemLease, settled: Settled): Promise<void> {
    const item = await lockLeased(sql, accountId, ack, settled);
    if (!item) return;
    await sql.rows('UPDATE incoming_item SET taken_at_ms = $3, sealed = NULL, file_id = NULL, lease = NULL, leased_by = NULL WHERE account_id = $1 AND item_id = $2',
      [accountId, ack.itemId, this.clock.nowMs()]);
    await bookBytes(sql, accountId, -item.sizeBytes);
    settled.taken.push({ fileId: item.fileId });
  }

  async #release(sql: Sql, accountId: AccountId, release: ItemLease, settled: Settled): Promise<void> {
    if (!(await lockLeased(sql, accountId, release, settled))) return;
    await sql.rows('UPDATE incoming_item SET lease = NULL, leased_by = NULL, lease_until_ms = NULL WHERE account_id = $1 AND item_id = $2', [accountId, release.itemId]);
  }

  async #fail(sql: Sql, accountId: AccountId, failure: SettleRequest['failures'][number], settled: Settled): Promise<void> {
    const item = await lockLeased(sql, accountId, failure, settled);
    if (!item) return;
    const attempts = item.attempts + 1;
    await sql.rows(
      `UPDATE incoming_item SET lease = NULL, leased_by = NULL, lease_until_ms = NULL, attempts = $3, available_at_ms = $4, last_failure = $5
       WHERE account_id = $1 AND item_id = $2`, [accountId, failure.itemId, attempts, this.clock.nowMs() + backOffMs(attempts), failure.reason]);
  }

  #forgetBeforeMs(): number {
    return this.clock.nowMs() - TAKEN_IS_REMEMBERED_MS;
  }
}

interface LeasedRow {
  lease: string | null;
  sizeBytes: number;
  fileId: string | null;
  attempts: number;
}

/** The waiting item if the lease is still its own; noted as lost if it is another's; null also when it is gone. */
async function lockLeased(sql: Sql, accountId: AccountId, { itemId, lease }: ItemLease, settled: Settled): Promise<LeasedRow | null> {
  const item = await firstRow(sql.rows<LeasedRow>(
    `SELECT lease, size_bytes AS "sizeBytes", file_id AS "fileId", attempts FROM incoming_item
     WHERE account_id = $1 AND item_id = $2 AND taken_at_ms IS NULL FOR UPDATE`, [accountId, itemId]));
  if (item && item.lease !== lease) settled.lost.push(itemId);
  return item?.lease === lease ? item : null;
}

async function countWaiting(sql: Sql, accountId: AccountId): Promise<number> {
  const [row] = await sql.rows<{ waiting: number }>(WAITING_COUNT, [accountId]);
  return row?.waiting ?? 0;
}

async function announceWaiting(sql: Sql, accountId: AccountId): Promise<void> {
  await announce(sql, accountId, { event: 'incoming', data: { pending: await countWaiting(sql, accountId) } });
}

function nullWhenNotFound(error: unknown): null {
  if (error instanceof WireError && error.code === 'notFound') return null;
  throw error;
}
