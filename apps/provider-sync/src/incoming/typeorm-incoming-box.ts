import { Inject, Injectable } from '@nestjs/common';
import { INCOMING_LEASE_MS, type AccountId, type Clock, type IncomingItemId, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import type { ItemLease, LeasedItem, SettleRequest } from '@paloma/sync-protocol';
import { bookBytes, lockAccount } from '../accounts/locked-account.js';
import type { OctetsAtRest } from '../blobs/octets-at-rest.js';
import { Database, type Sql } from '../database/database.js';
import { announce } from '../events/announce.js';
import { CLOCK, RANDOM } from '../injection-tokens.js';
import { randomId } from '../random-id.js';
import { backOffMs } from './back-off.js';
import { IncomingBox, type Delivered, type NewItem, type Settled } from './incoming-box.js';
import { storeItems, type WhenLocked } from './store-items.js';

/** docs/protocol/services-api.md §3: how long a repeated delivery of what was taken is recognised. */
const TAKEN_IS_REMEMBERED_MS = 7 * 24 * 60 * 60_000;

const LEASED_ITEMS = `FROM incoming_item WHERE account_id = $1 AND taken_at_ms IS NULL
  AND (item_id, lease) IN (SELECT item_id, lease FROM unnest($2::text[], $3::text[]) AS asked (item_id, lease)) ORDER BY item_id`;

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

  /** Mail for one account does not wait for what a device of another pushes: what is locked comes later, each account by itself. */
  async deliver(items: readonly NewItem[]): Promise<Delivered[]> {
    const times = { nowMs: this.clock.nowMs(), forgetBeforeMs: this.#forgetBeforeMs() };
    const outcomes = new Map<NewItem, Delivered>();
    const store = async (some: readonly NewItem[], whenLocked: WhenLocked): Promise<void> => {
      const found = await storeItems(this.database, some, times, whenLocked);
      some.forEach((item, index) => found[index] && outcomes.set(item, found[index]));
    };
    const open = (): NewItem[] => items.filter((item) => !outcomes.has(item));
    await store(distinct(items), 'pass over');
    for (const ofAccount of Map.groupBy(open(), ({ accountId }) => accountId).values()) await store(distinct(ofAccount), 'wait');
    for (const item of open()) await store([item], 'wait');   // its account has no room for all of its items, or is none
    return items.map((item) => outcomes.get(item) ?? 'noAccount');
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

  /** One snapshot, so that rows and octets belong together. */
  findAll(accountId: AccountId, items: readonly ItemLease[]): Promise<Map<IncomingItemId, OctetsAtRest>> {
    const leased: [AccountId, IncomingItemId[], string[]] = [accountId, items.map(({ itemId }) => itemId), items.map(({ lease }) => lease)];
    return this.database.transaction(async (sql) => {
      const rows = await sql.rows<Omit<OctetsAtRest, 'sealed'> & { itemId: IncomingItemId }>(`SELECT item_id AS "itemId", size_bytes AS "sizeBytes", file_id AS "fileId" ${LEASED_ITEMS}`, leased);
      const sealed = await sql.octets(`SELECT sealed ${LEASED_ITEMS}`, leased);
      return new Map(rows.map((row, index) => [row.itemId, { ...row, sealed: sealed[index] ?? null }]));
    }, 'REPEATABLE READ');
  }

  settle(accountId: AccountId, request: SettleRequest): Promise<Settled> {
    return this.database.transaction(async (sql) => {
      await lockAccount(sql, accountId);
      const waiting = await lockWaiting(sql, accountId, request);
      const { acks, releases, failures, lost } = sortOut(request, waiting);
      if (acks.length > 0) await this.#acknowledge(sql, accountId, acks);
      if (releases.length > 0) await release(sql, accountId, releases);
      for (const failure of failures) await this.#fail(sql, accountId, failure);
      return { lost, taken: acks };
    });
  }

  async countWaiting(accountId: AccountId): Promise<number> {
    const [row] = await this.database.rows<{ waiting: number }>('SELECT count(*) AS waiting FROM incoming_item WHERE account_id = $1 AND taken_at_ms IS NULL', [accountId]);
    return row?.waiting ?? 0;
  }

  async #acknowledge(sql: Sql, accountId: AccountId, acks: readonly WaitingItem[]): Promise<void> {
    await sql.rows('UPDATE incoming_item SET taken_at_ms = $3, sealed = NULL, file_id = NULL, lease = NULL, leased_by = NULL WHERE account_id = $1 AND item_id = ANY($2)',
      [accountId, acks.map(({ itemId }) => itemId), this.clock.nowMs()]);
    await sql.rows('DELETE FROM incoming_item WHERE account_id = $1 AND taken_at_ms <= $2', [accountId, this.#forgetBeforeMs()]);
    await bookBytes(sql, accountId, -acks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  }

  async #fail(sql: Sql, accountId: AccountId, { itemId, attempts, reason }: FailedItem): Promise<void> {
    await sql.rows(
      `UPDATE incoming_item SET lease = NULL, leased_by = NULL, lease_until_ms = NULL, attempts = $3, available_at_ms = $4, last_failure = $5
       WHERE account_id = $1 AND item_id = $2`, [accountId, itemId, attempts + 1, this.clock.nowMs() + backOffMs(attempts + 1), reason]);
  }

  #forgetBeforeMs(): number {
    return this.clock.nowMs() - TAKEN_IS_REMEMBERED_MS;
  }
}

interface WaitingItem {
  itemId: IncomingItemId;
  lease: string | null;
  sizeBytes: number;
  fileId: string | null;
  attempts: number;
}

type FailedItem = WaitingItem & { reason: string };

/** Of an item that is there twice the first. */
function distinct(items: readonly NewItem[]): NewItem[] {
  return [...new Map(items.toReversed().map((item) => [`${item.accountId}/${item.itemId}`, item])).values()].toReversed();
}

async function lockWaiting(sql: Sql, accountId: AccountId, { acks, releases, failures }: SettleRequest): Promise<Map<IncomingItemId, WaitingItem>> {
  const items = await sql.rows<WaitingItem>(
    `SELECT item_id AS "itemId", lease, size_bytes AS "sizeBytes", file_id AS "fileId", attempts FROM incoming_item
     WHERE account_id = $1 AND item_id = ANY($2) AND taken_at_ms IS NULL ORDER BY item_id FOR UPDATE`, [accountId, [...acks, ...releases, ...failures].map(({ itemId }) => itemId)]);
  return new Map(items.map((item) => [item.itemId, item]));
}

interface SortedOut {
  acks: WaitingItem[];
  releases: WaitingItem[];
  failures: FailedItem[];
  lost: IncomingItemId[];
}

/** Lost: it waits under another lease or none, maybe because the same request has released it. What does not wait any more is passed over. */
function sortOut({ acks, releases, failures }: SettleRequest, waiting: Map<IncomingItemId, WaitingItem>): SortedOut {
  const lost: IncomingItemId[] = [];
  const held = <Named extends ItemLease>(named: readonly Named[], leave: (item: WaitingItem) => void): (Named & WaitingItem)[] => named.flatMap((each) => {
    const item = waiting.get(each.itemId);
    if (item !== undefined && item.lease !== each.lease) lost.push(each.itemId);
    if (item?.lease !== each.lease) return [];
    leave(item);
    return [{ ...item, ...each }];
  });
  const isGone = ({ itemId }: WaitingItem): void => void waiting.delete(itemId);
  const isFree = (item: WaitingItem): void => void waiting.set(item.itemId, { ...item, lease: null });
  return { acks: held(acks, isGone), releases: held(releases, isFree), failures: held(failures, isFree), lost };
}

async function release(sql: Sql, accountId: AccountId, releases: readonly WaitingItem[]): Promise<void> {
  await sql.rows('UPDATE incoming_item SET lease = NULL, leased_by = NULL, lease_until_ms = NULL WHERE account_id = $1 AND item_id = ANY($2)', [accountId, releases.map(({ itemId }) => itemId)]);
  await announce(sql, accountId, { event: 'incoming', data: { pending: releases.length } });
}
