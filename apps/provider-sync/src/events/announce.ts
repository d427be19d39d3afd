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
  const announcement: Announcement = { accountId, event };
  await sql.rows('SELECT pg_notify($1, $2)', [EVENT_CHANNEL, JSON.stringify(announcement)]);
}

/** SQL that announces from within a larger statement that so many items more wait: the account and their number are SQL, too. */
export function announcingIncoming(accountId: string, pending: string): string {
  return `pg_notify('${EVENT_CHANNEL}', json_build_object('accountId', ${accountId}, 'event', json_build_object('event', 'incoming', 'data', json_build_object('pending', ${pending})))::text)`;
}
