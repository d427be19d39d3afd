import { Injectable } from '@nestjs/common';
import type { AccountId, BlobId, BlobNamespace } from '@paloma/shared-model';
import type { BlobListAnswer } from '@paloma/sync-protocol';
import { bookBytes, hasRoom, lockAccount } from '../accounts/locked-account.js';
import { Database, firstRow, type Sql } from '../database/database.js';
import { insertRows } from '../database/insert-rows.js';
import { BlobRepository, type BlobReplaced, type BlobStored, type NewBlob } from './blob.repository.js';
import type { OctetsAtRest } from './octets-at-rest.js';

const OCTETS = 'size_bytes AS "sizeBytes", sealed, file_id AS "fileId"';
const THIS_BLOB = 'account_id = $1 AND namespace = $2 AND blob_id = $3';
const THESE_BLOBS = 'account_id = $1 AND namespace = $2 AND blob_id = ANY($3::text[])';

@Injectable()
export class TypeormBlobRepository extends BlobRepository {
  constructor(private readonly database: Database) {
    super();
  }

  add(accountId: AccountId, namespace: BlobNamespace, blobs: readonly NewBlob[]): Promise<BlobStored[]> {
    return this.database.transaction(async (sql) => {
      const account = await lockAccount(sql, accountId);
      const present = new Set((await sizesOf(sql, accountId, namespace, blobs.map(({ blobId }) => blobId))).keys());
      const added: NewBlob[] = [];
      let addedBytes = 0;
      const outcomes = blobs.map((blob): BlobStored => {
        if (present.has(blob.blobId)) return 'present';
        if (!hasRoom(account, addedBytes + blob.octets.sizeBytes)) return 'quotaExceeded';
        present.add(blob.blobId);
        added.push(blob);
        addedBytes += blob.octets.sizeBytes;
        return 'stored';
      });
      const rows = added.map(({ blobId, octets }) => [accountId, namespace, blobId, octets.sizeBytes, octets.sealed, octets.fileId]);
      await insertRows(sql, 'blob (account_id, namespace, blob_id, size_bytes, sealed, file_id)', rows);
      await bookBytes(sql, accountId, addedBytes);
      return outcomes;
    });
  }

  replace(accountId: AccountId, namespace: BlobNamespace, { blobId, octets }: NewBlob): Promise<BlobReplaced> {
    return this.database.transaction(async (sql) => {
      const account = await lockAccount(sql, accountId);
      const before = await firstRow(sql.rows<OctetsAtRest>(`SELECT size_bytes AS "sizeBytes", NULL AS sealed, file_id AS "fileId" FROM blob WHERE ${THIS_BLOB}`, [accountId, namespace, blobId]));
      if (!before) return { outcome: 'missing' };
      const addedBytes = octets.sizeBytes - before.sizeBytes;
      if (!hasRoom(account, addedBytes)) return { outcome: 'quotaExceeded' };
      await sql.rows(`UPDATE blob SET size_bytes = $4, sealed = $5, file_id = $6 WHERE ${THIS_BLOB}`, [accountId, namespace, blobId, octets.sizeBytes, octets.sealed, octets.fileId]);
      await bookBytes(sql, accountId, addedBytes);
      return { outcome: 'replaced', before };
    });
  }

  find(accountId: AccountId, namespace: BlobNamespace, blobId: BlobId): Promise<OctetsAtRest | null> {
    return firstRow(this.database.rows<OctetsAtRest>(`SELECT ${OCTETS} FROM blob WHERE ${THIS_BLOB}`, [accountId, namespace, blobId]));
  }

  /** One snapshot, so that rows and octets belong together. */
  findAll(accountId: AccountId, namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<Map<BlobId, OctetsAtRest>> {
    return this.database.transaction(async (sql) => {
      const rows = await sql.rows<Omit<OctetsAtRest, 'sealed'> & { blobId: BlobId }>(
        `SELECT blob_id AS "blobId", size_bytes AS "sizeBytes", file_id AS "fileId" FROM blob WHERE ${THESE_BLOBS} ORDER BY blob_id`, [accountId, namespace, blobIds]);
      const sealed = await sql.octets(`SELECT sealed FROM blob WHERE ${THESE_BLOBS} ORDER BY blob_id`, [accountId, namespace, blobIds]);
      return new Map(rows.map((row, index) => [row.blobId, { ...row, sealed: sealed[index] ?? null }]));
    }, 'REPEATABLE READ');
  }

  sizes(accountId: AccountId, namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<Map<BlobId, number>> {
    return sizesOf(this.database, accountId, namespace, blobIds);
  }

  remove(accountId: AccountId, namespace: BlobNamespace, blobId: BlobId): Promise<OctetsAtRest | null> {
    return this.database.transaction(async (sql) => {
      await lockAccount(sql, accountId);
      const removed = await firstRow(sql.rows<OctetsAtRest>(`DELETE FROM blob WHERE ${THIS_BLOB} RETURNING size_bytes AS "sizeBytes", NULL AS sealed, file_id AS "fileId"`, [accountId, namespace, blobId]));
      if (removed) await bookBytes(sql, accountId, -removed.sizeBytes);
      return removed;
    });
  }

  async list(accountId: AccountId, namespace: BlobNamespace, after: BlobId | null, limit: number): Promise<BlobListAnswer> {
    const rows = await this.database.rows<{ blobId: BlobId; sizeBytes: number }>(
      `SELECT blob_id AS "blobId", size_bytes AS "sizeBytes" FROM blob WHERE account_id = $1 AND namespace = $2 AND blob_id > $3 ORDER BY blob_id LIMIT $4`,
      [accountId, namespace, after ?? '', limit + 1]);
    return { blobs: rows.slice(0, limit), more: rows.length > limit };
  }
}

async function sizesOf(sql: Sql, accountId: AccountId, namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<Map<BlobId, number>> {
  const rows = await sql.rows<{ blobId: BlobId; sizeBytes: number }>(`SELECT blob_id AS "blobId", size_bytes AS "sizeBytes" FROM blob WHERE ${THESE_BLOBS}`, [accountId, namespace, blobIds]);
  return new Map(rows.map(({ blobId, sizeBytes }) => [blobId, sizeBytes]));
}
