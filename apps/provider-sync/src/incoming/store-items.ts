// Puts items into incoming boxes: one statement for any number of them, which is its own transaction. What a delivery costs under load
// is the round trips to PostgreSQL, during which its accounts are locked, and the commit.

import type { PreparedStatement, Sql } from '../database/database.js';
import { octetsArray } from '../database/octets-array.js';
import { announcingIncoming } from '../events/announce.js';
import type { Delivered, NewItem } from './incoming-box.js';

export interface StoringTimes {
  nowMs: number;
  /** What was taken until then is not known any more. */
  forgetBeforeMs: number;
}

/** What to do about accounts that somebody else has locked. */
export type WhenLocked = 'wait' | 'pass over';

/**
 * The outcome of each item, of which no two are the same; null where it is not known: the account is locked by somebody else, or is none,
 * or has room for the item but not for it after those before it.
 */
export async function storeItems(sql: Sql, items: readonly NewItem[], { nowMs, forgetBeforeMs }: StoringTimes, whenLocked: WhenLocked): Promise<(Delivered | null)[]> {
  const rows = await sql.prepared<{ position: number; outcome: Delivered | null }>(STATEMENTS[whenLocked], [
    items.map(({ accountId }) => accountId), items.map(({ itemId }) => itemId), items.map(({ octets }) => octets.sizeBytes), items.map(({ octets }) => octets.fileId),
    octetsArray(items.map(({ octets }) => octets.sealed)), nowMs, forgetBeforeMs,
  ]);
  const outcomes = new Map(rows.map(({ position, outcome }) => [position, outcome]));
  return items.map((_item, index) => outcomes.get(index + 1) ?? null);
}

/** The octets are apart from the rest because they are read once: of what is read twice PostgreSQL makes a copy. */
function statementThat(skipLocked: '' | 'SKIP LOCKED'): string {
  return `
    WITH offered AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) WITH ORDINALITY AS item (account_id, item_id, size_bytes, file_id, position)),
    locked AS (
      SELECT account_id, quota_bytes - used_bytes AS room_bytes, disabled_at_ms IS NOT NULL AS is_disabled FROM account
      WHERE account_id = ANY($1) FOR NO KEY UPDATE ${skipLocked}),
    judged AS (
      SELECT offered.*, is_disabled, size_bytes <= room_bytes AS fits, sum(size_bytes) OVER (PARTITION BY account_id ORDER BY position) <= room_bytes AS all_fit
      FROM offered JOIN locked USING (account_id)),
    stored AS (
      INSERT INTO incoming_item AS known (account_id, item_id, size_bytes, received_at_ms, available_at_ms, sealed, file_id)
      SELECT account_id, item_id, size_bytes, $6, $6, sealed, file_id FROM judged JOIN unnest($5::bytea[]) WITH ORDINALITY AS octets (sealed, position) USING (position)
      WHERE all_fit AND NOT is_disabled
      ON CONFLICT (account_id, item_id) DO UPDATE
      SET size_bytes = excluded.size_bytes, received_at_ms = excluded.received_at_ms, available_at_ms = excluded.available_at_ms, sealed = excluded.sealed,
          file_id = excluded.file_id, attempts = 0, last_failure = NULL, lease_until_ms = NULL, taken_at_ms = NULL
      WHERE known.taken_at_ms <= $7
      RETURNING account_id, item_id, size_bytes),
    booked AS (
      UPDATE account SET used_bytes = used_bytes + added.bytes
      FROM (SELECT account_id, sum(size_bytes) AS bytes, count(*) AS items FROM stored GROUP BY account_id) AS added WHERE account.account_id = added.account_id
      RETURNING ${announcingIncoming('account.account_id', 'added.items')})
    SELECT position, CASE
      WHEN stored.item_id IS NOT NULL THEN 'stored'
      WHEN is_disabled THEN 'accountDisabled'
      WHEN all_fit OR EXISTS (SELECT FROM incoming_item AS known WHERE known.account_id = judged.account_id AND known.item_id = judged.item_id
                              AND (taken_at_ms IS NULL OR taken_at_ms > $7)) THEN 'alreadyThere'
      WHEN NOT fits THEN 'quotaExceeded' END AS outcome
    FROM judged LEFT JOIN stored ON stored.account_id = judged.account_id AND stored.item_id = judged.item_id`;
}

const STATEMENTS = {
  'wait': { name: 'store items', text: statementThat('') },
  'pass over': { name: 'store items of free accounts', text: statementThat('SKIP LOCKED') },
} as const satisfies Record<WhenLocked, PreparedStatement>;
