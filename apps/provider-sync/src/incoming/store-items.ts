// Puts items into incoming boxes, inside of a transaction that has locked their accounts: a handful of statements for any number of items,
// because the statements, and a commit for each item, are what costs.

import type { AccountId } from '@paloma/shared-model';
import { bookAllBytes, hasRoom, type LockedAccount } from '../accounts/locked-account.js';
import type { Sql } from '../database/database.js';
import { insertRows } from '../database/insert-rows.js';
import { announceAll } from '../events/announce.js';
import type { Delivered, NewItem } from './incoming-box.js';

export interface StoringTimes {
  nowMs: number;
  /** What was taken until then is not known any more. */
  forgetBeforeMs: number;
}

/** Notes the outcome of each item whose account is among `accounts`. */
export async function storeItems(sql: Sql, items: readonly NewItem[], accounts: ReadonlyMap<AccountId, LockedAccount>, times: StoringTimes, outcomes: Map<NewItem, Delivered>): Promise<void> {
  const { disabled, fitting, tooMuch } = sortByFate(items, accounts);
  const stored = fitting.length === 0 ? [] : await insert(sql, fitting, times);
  for (const item of disabled) outcomes.set(item, 'accountDisabled');
  for (const item of fitting) outcomes.set(item, stored.includes(item) ? 'stored' : 'alreadyThere');
  for (const item of tooMuch) outcomes.set(item, (await isKnown(sql, item, times)) ? 'alreadyThere' : 'quotaExceeded');
  if (stored.length > 0) await bookAndAnnounce(sql, stored);
}

/** What comes first has the room first. */
function sortByFate(items: readonly NewItem[], accounts: ReadonlyMap<AccountId, LockedAccount>): Record<'disabled' | 'fitting' | 'tooMuch', NewItem[]> {
  const added = new Map<AccountId, number>();
  const sorted: Record<'disabled' | 'fitting' | 'tooMuch', NewItem[]> = { disabled: [], fitting: [], tooMuch: [] };
  for (const item of items) {
    const account = accounts.get(item.accountId);
    if (account === undefined) continue;
    const addedBytes = (added.get(item.accountId) ?? 0) + item.octets.sizeBytes;
    const fate = account.isDisabled ? 'disabled' : hasRoom(account, addedBytes) ? 'fitting' : 'tooMuch';
    sorted[fate].push(item);
    if (fate === 'fitting') added.set(item.accountId, addedBytes);
  }
  return sorted;
}

/** Those that are new, of an item that is there twice the first. */
async function insert(sql: Sql, items: readonly NewItem[], { nowMs, forgetBeforeMs }: StoringTimes): Promise<NewItem[]> {
  const first = new Map(items.toReversed().map((item) => [keyOf(item), item]));
  const rows = [...first.values()].map(({ accountId, itemId, octets: { sizeBytes, sealed, fileId } }) => [accountId, itemId, sizeBytes, nowMs, nowMs, sealed, fileId]);
  const inserted = await insertRows<Pick<NewItem, 'accountId' | 'itemId'>>(sql,
    'incoming_item AS known (account_id, item_id, size_bytes, received_at_ms, available_at_ms, sealed, file_id)', rows,
    `ON CONFLICT (account_id, item_id) DO UPDATE
     SET size_bytes = excluded.size_bytes, received_at_ms = excluded.received_at_ms, available_at_ms = excluded.available_at_ms, sealed = excluded.sealed,
         file_id = excluded.file_id, attempts = 0, last_failure = NULL, lease_until_ms = NULL, taken_at_ms = NULL
     WHERE known.taken_at_ms <= ${forgetBeforeMs}
     RETURNING account_id AS "accountId", item_id AS "itemId"`);
  return inserted.map((item) => first.get(keyOf(item))!);
}

async function isKnown(sql: Sql, { accountId, itemId }: NewItem, { forgetBeforeMs }: StoringTimes): Promise<boolean> {
  const rows = await sql.rows('SELECT 1 FROM incoming_item WHERE account_id = $1 AND item_id = $2 AND (taken_at_ms IS NULL OR taken_at_ms > $3)', [accountId, itemId, forgetBeforeMs]);
  return rows.length > 0;
}

async function bookAndAnnounce(sql: Sql, stored: readonly NewItem[]): Promise<void> {
  const byAccount = [...Map.groupBy(stored, ({ accountId }) => accountId)];
  await bookAllBytes(sql, new Map(byAccount.map(([accountId, items]) => [accountId, items.reduce((sum, { octets }) => sum + octets.sizeBytes, 0)])));
  await announceAll(sql, byAccount.map(([accountId, items]) => ({ accountId, event: { event: 'incoming', data: { pending: items.length } } })));
}

function keyOf({ accountId, itemId }: Pick<NewItem, 'accountId' | 'itemId'>): string {
  return `${accountId}/${itemId}`;
}
