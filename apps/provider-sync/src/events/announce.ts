import type { AccountId } from '@paloma/shared-model';
import type { SyncEvent } from '@paloma/sync-protocol';
import type { Sql } from '../database/database.js';

/** Channel on which the processes of one provider hear of each other's commits. */
export const EVENT_CHANNEL = 'paloma_events';

export interface Announcement {
  accountId: AccountId;
  event: SyncEvent;
}

/** Tells every process, when and if the transaction commits. */
export function announce(sql: Sql, accountId: AccountId, event: SyncEvent): Promise<void> {
  return announceAll(sql, [{ accountId, event }]);
}

export async function announceAll(sql: Sql, announcements: readonly Announcement[]): Promise<void> {
  await sql.rows('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [EVENT_CHANNEL, announcements.map((each) => JSON.stringify(each))]);
}
