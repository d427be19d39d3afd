import { Injectable } from '@nestjs/common';
import type { AccountId, ReplicaUid } from '@paloma/shared-model';
import { Database } from '../database/database.js';
import { announce } from '../events/announce.js';
import { DeviceRepository, type StoredDevice } from './device.repository.js';

const THIS_DEVICE = 'account_id = $1 AND replica_uid = $2';

@Injectable()
export class TypeormDeviceRepository extends DeviceRepository {
  constructor(private readonly database: Database) {
    super();
  }

  list(accountId: AccountId): Promise<StoredDevice[]> {
    return this.database.rows<StoredDevice>(
      `SELECT replica_uid AS "replicaUid", replica.created_at_ms AS "createdAtMs", greatest(last_seen_at_ms, max(last_used_at_ms)) AS "lastSeenAtMs"
       FROM replica LEFT JOIN session USING (account_id, replica_uid)
       WHERE account_id = $1 AND removed_at_ms IS NULL
       GROUP BY account_id, replica_uid ORDER BY replica.created_at_ms, replica_uid`, [accountId]);
  }

  remove(accountId: AccountId, replicaUid: ReplicaUid, nowMs: number): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      // Locked first: a session that is being opened for the device is opened before, and ended here, or refused after.
      const removed = await sql.rows(`UPDATE replica SET removed_at_ms = $3 WHERE ${THIS_DEVICE} AND removed_at_ms IS NULL RETURNING 1`, [accountId, replicaUid, nowMs]);
      if (removed.length === 0) return false;
      await sql.rows(`DELETE FROM session WHERE ${THIS_DEVICE}`, [accountId, replicaUid]);
      // Nothing waits any more until it has read it.
      await sql.rows(`DELETE FROM replica_progress WHERE ${THIS_DEVICE}`, [accountId, replicaUid]);
      await announce(sql, accountId, { event: 'devices', data: {} });
      return true;
    });
  }
}
