import type { Sql } from '../database/database.js';
import type { StoredSession } from '../sessions/session.repository.js';

/** Notes that a device logged in. False when it was removed: its replica uid is spent, it must start afresh. */
export async function markSeen(sql: Sql, { accountId, replicaUid, createdAtMs }: Pick<StoredSession, 'accountId' | 'replicaUid' | 'createdAtMs'>): Promise<boolean> {
  const seen = await sql.rows(
    `INSERT INTO replica AS known (account_id, replica_uid, created_at_ms, last_seen_at_ms) VALUES ($1, $2, $3, $3)
     ON CONFLICT (account_id, replica_uid) DO UPDATE SET last_seen_at_ms = excluded.last_seen_at_ms WHERE known.removed_at_ms IS NULL RETURNING 1`,
    [accountId, replicaUid, createdAtMs]);
  return seen.length > 0;
}
