import { Inject, Injectable } from '@nestjs/common';
import type { AccountId, Clock, DocumentClass, Generation, ReplicaUid } from '@paloma/shared-model';
import type { PullRequest } from '@paloma/sync-protocol';
import { Database, firstRow, type Sql } from '../database/database.js';
import { CLOCK } from '../injection-tokens.js';
import { WireError } from '../wire-error.js';
import { ReplicaProgress } from './replica-progress.js';

/** That a replica was seen is noted this coarsely, so that a pull seldom costs a write. */
const SEEN_INTERVAL_MS = 60 * 60_000;
/** Ever known to one account. A pull makes its replica known; without a bound anybody logged in could fill the table. */
const MAX_REPLICAS = 10_000;

const BEGINNING = 0 as Generation;
/** Of a class that a replica was never heard of in. */
const NOTHING = -1;

interface KnownReplica {
  lastSeenAtMs: number;
  removedAtMs: number | null;
  /** Class → through, as JSON. */
  progress: Record<string, number>;
}

@Injectable()
export class TypeormReplicaProgress extends ReplicaProgress {
  constructor(private readonly database: Database, @Inject(CLOCK) private readonly clock: Clock) {
    super();
  }

  async begin(accountId: AccountId, replica: ReplicaUid, classes: readonly DocumentClass[]): Promise<void> {
    await this.acknowledge(accountId, replica, { since: BEGINNING, classes: [...classes], order: 'newest' });
  }

  async acknowledge(accountId: AccountId, replica: ReplicaUid, { since, classes, order }: Pick<PullRequest, 'since' | 'classes' | 'order'>): Promise<boolean> {
    const nowMs = this.clock.nowMs();
    const known = await findReplica(this.database, accountId, replica);
    if (known !== null && known.removedAtMs !== null) throw new WireError('gone', 'the replica was removed or forgotten');
    if (known === null || nowMs - known.lastSeenAtMs >= SEEN_INTERVAL_MS) await markSeen(this.database, accountId, replica, nowMs);
    const before = new Map([...new Set(classes)].map((documentClass) => [documentClass, known?.progress[documentClass] ?? NOTHING]));
    const beginsAgain = since === BEGINNING && order !== 'newest';
    const moved = [...before].filter(([, through]) => through < since || (beginsAgain && through > since)).map(([documentClass]) => documentClass);
    if (moved.length > 0) await saveProgress(this.database, accountId, replica, moved, since);
    const lowest = Math.min(...before.values());
    return lowest !== NOTHING && since >= lowest;
  }
}

async function saveProgress(sql: Sql, accountId: AccountId, replica: ReplicaUid, classes: readonly DocumentClass[], through: Generation): Promise<void> {
  await sql.rows(
    `INSERT INTO replica_progress AS known (account_id, replica_uid, class, through) SELECT $1, $2, class, $4 FROM unnest($3::smallint[]) AS asked (class)
     ON CONFLICT (account_id, replica_uid, class) DO UPDATE SET through = excluded.through WHERE known.through < excluded.through OR excluded.through = 0`,
    [accountId, replica, classes, through]);
}

function findReplica(sql: Sql, accountId: AccountId, replica: ReplicaUid): Promise<KnownReplica | null> {
  return firstRow(sql.rows<KnownReplica>(
    `SELECT last_seen_at_ms AS "lastSeenAtMs", removed_at_ms AS "removedAtMs",
       (SELECT coalesce(json_object_agg(class, through), '{}') FROM replica_progress p WHERE p.account_id = r.account_id AND p.replica_uid = r.replica_uid) AS progress
     FROM replica r WHERE account_id = $1 AND replica_uid = $2`, [accountId, replica]));
}

async function markSeen(sql: Sql, accountId: AccountId, replica: ReplicaUid, nowMs: number): Promise<void> {
  const seen = await sql.rows(
    `INSERT INTO replica (account_id, replica_uid, created_at_ms, last_seen_at_ms)
     SELECT $1, $2, $3, $3 WHERE (SELECT count(*) FROM replica WHERE account_id = $1) < $4
     ON CONFLICT (account_id, replica_uid) DO UPDATE SET last_seen_at_ms = excluded.last_seen_at_ms RETURNING 1`, [accountId, replica, nowMs, MAX_REPLICAS]);
  if (seen.length === 0) throw new WireError('forbidden', 'too many replicas');
}
