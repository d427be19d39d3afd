import { Injectable } from '@nestjs/common';
import type { AccountId, Generation, OpaqueDocumentId, ReplicaUid, TransactionId } from '@paloma/shared-model';
import type { PullRequest, PushItem, PushOutcome } from '@paloma/sync-protocol';
import { bookBytes, hasRoom, lockAccount } from '../accounts/locked-account.js';
import { Database, firstRow, type Sql } from '../database/database.js';
import { insertRows } from '../database/insert-rows.js';
import { announce } from '../events/announce.js';
import { WireError } from '../wire-error.js';
import { DocumentLog, type LogHead, type PulledPage, type StorageUse } from './document-log.js';
import { planPush, type PushPlan } from './push-plan.js';
import type { HeldDocument } from './put-if-newer.js';
import { readPage } from './read-page.js';

@Injectable()
export class TypeormDocumentLog extends DocumentLog {
  constructor(private readonly database: Database) {
    super();
  }

  head(accountId: AccountId): Promise<LogHead & StorageUse> {
    return readHead(this.database, accountId);
  }

  push(accountId: AccountId, source: ReplicaUid, items: readonly PushItem[], transactionId: TransactionId): Promise<LogHead & { outcomes: PushOutcome[] }> {
    return this.database.transaction(async (sql) => {
      const account = await lockAccount(sql, accountId);
      const plan = planPush(items, await readHeld(sql, accountId, items), account.generation);
      const { outcomes, generation } = plan;
      if (plan.stored.length === 0) return { generation, transactionId: account.transactionId, outcomes };
      if (!hasRoom(account, plan.addedBytes)) throw new WireError('quotaExceeded', 'account is full');
      await store(sql, accountId, source, plan, transactionId);
      return { generation, transactionId, outcomes };
    });
  }

  /** One snapshot, so that head and documents belong together. */
  pull(accountId: AccountId, request: PullRequest, { maxBytes, isReadingOn }: { maxBytes: number; isReadingOn: boolean }): Promise<PulledPage> {
    return this.database.transaction(async (sql) => {
      const { generation, transactionId } = await readHead(sql, accountId);
      if (request.known) await assertKnown(sql, accountId, request.replicaUid, request.known);
      const compacted = await readCompacted(sql, accountId, request.classes);
      if (!isReadingOn) assertWhole(request.since, compacted);
      return { generation, transactionId, ...(compacted > 0 && { compacted }), ...await readPage(sql, accountId, request, { head: generation, maxBytes }) };
    }, 'REPEATABLE READ');
  }
}

async function readHead(sql: Sql, accountId: AccountId): Promise<LogHead & StorageUse> {
  const head = await firstRow(sql.rows<LogHead & StorageUse>(
    `SELECT generation, transaction_id AS "transactionId", used_bytes AS "usedBytes", quota_bytes AS "quotaBytes" FROM account WHERE account_id = $1`, [accountId]));
  if (!head) throw new WireError('notFound', 'no such account');
  return head;
}

async function readHeld(sql: Sql, accountId: AccountId, items: readonly PushItem[]): Promise<Map<OpaqueDocumentId, HeldDocument>> {
  const rows = await sql.rows<HeldDocument & { id: OpaqueDocumentId }>(
    `SELECT document_id AS id, revision, epoch, generation, octet_length(sealed) AS "sealedBytes"
     FROM document WHERE account_id = $1 AND document_id = ANY($2)`, [accountId, items.map(({ id }) => id)]);
  return new Map(rows.map((row) => [row.id, row]));
}

async function store(sql: Sql, accountId: AccountId, source: ReplicaUid, plan: PushPlan, transactionId: TransactionId): Promise<void> {
  const rows = plan.stored.map(({ item, generation }) =>
    [accountId, item.id, item.revision, generation, transactionId, source, item.class, item.epoch, item.tombstone, item.sealed]);
  await insertRows(sql, 'document', rows,
    `ON CONFLICT (account_id, document_id) DO UPDATE SET revision = excluded.revision, generation = excluded.generation,
       transaction_id = excluded.transaction_id, source_replica = excluded.source_replica, class = excluded.class,
       epoch = excluded.epoch, is_tombstone = excluded.is_tombstone, sealed = excluded.sealed`);
  await sql.rows('UPDATE account SET generation = $2, transaction_id = $3 WHERE account_id = $1', [accountId, plan.generation, transactionId]);
  await bookBytes(sql, accountId, plan.addedBytes);
  await sql.rows('INSERT INTO push_transaction (account_id, generation, transaction_id) VALUES ($1, $2, $3)', [accountId, plan.generation, transactionId]);
  await announce(sql, accountId, { event: 'generation', data: { generation: plan.generation, transactionId, source } });
}

/** A head that this log does not hold was given out before the provider was put back to an older state. */
async function assertKnown(sql: Sql, accountId: AccountId, replica: ReplicaUid, known: { generation: Generation; transactionId: TransactionId }): Promise<void> {
  if (known.generation === 0) return;
  const seen = await firstRow(sql.rows<{ transactionId: TransactionId }>(
    'SELECT transaction_id AS "transactionId" FROM push_transaction WHERE account_id = $1 AND generation = $2', [accountId, known.generation]));
  if (!seen && (await hasPassed(sql, accountId, replica, known.generation))) return;
  if (!seen) throw new WireError('generationUnknown', 'the log does not hold this generation');
  if (seen.transactionId !== known.transactionId) throw new WireError('transactionMismatch', 'the generation had another transaction');
}

/** It knew a newer head once: it is an old copy of itself, and the head that it knows may be forgotten (docs/protocol/sync.md §4.2). */
async function hasPassed(sql: Sql, accountId: AccountId, replica: ReplicaUid, generation: Generation): Promise<boolean> {
  const passed = await sql.rows('SELECT 1 FROM replica_progress WHERE account_id = $1 AND replica_uid = $2 AND through > $3 LIMIT 1', [accountId, replica, generation]);
  return passed.length > 0;
}

async function readCompacted(sql: Sql, accountId: AccountId, classes: PullRequest['classes']): Promise<Generation> {
  const [row] = await sql.rows<{ through: Generation }>(
    'SELECT coalesce(max(through), 0)::bigint AS through FROM compaction WHERE account_id = $1 AND class = ANY($2::smallint[])', [accountId, classes]);
  return row!.through;
}

/** A replica that went back before a tombstone that was removed would keep for ever what it deleted. From the beginning on, nothing is missed. */
function assertWhole(since: Generation, compacted: Generation): void {
  if (since > 0 && since < compacted) throw new WireError('gone', 'tombstones after this generation were removed');
}
