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
export async function announce(sql: Sql, accountId: AccountId, event: SyncEvent): Promise<void> {
  await sql.rows('SELECT pg_notify($1, $2)', [EVENT_CHANNEL, JSON.stringify({ accountId, event } satisfies Announcement)]);
}
