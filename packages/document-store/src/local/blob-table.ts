// Blobs of this device: immutable octets in a namespace. Namespace and id together are the key, everywhere. A blob that moves to
// a state without octets here loses them by a trigger.

import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import type { Sql } from '../document-store.js';

/**
 * pendingUpload: the provider does not have it yet. synced: both have it. remoteOnly: only the provider has it.
 * localOnly: never leaves this device. pendingDelete: to be removed at the provider.
 */
export type BlobState = 'pendingUpload' | 'synced' | 'remoteOnly' | 'localOnly' | 'pendingDelete';

export interface BlobKey {
  namespace: BlobNamespace;
  blobId: BlobId;
}

export interface PendingBlob extends BlobKey {
  sizeBytes: number;
}

/** Pending blobs looked at in one go. */
const PENDING_PAGE_ROWS = 1000;

export class BlobTable {
  constructor(private readonly sql: Sql) {}

  stateOf({ namespace, blobId }: BlobKey): BlobState | null {
    return this.sql.get<{ state: BlobState }>('SELECT state FROM blobs WHERE namespace = ? AND blob_id = ?', namespace, blobId)?.state ?? null;
  }

  load({ namespace, blobId }: BlobKey): Uint8Array | null {
    const row = this.sql.get<{ octets: Buffer }>('SELECT octets FROM blobs JOIN blob_octets USING (row_id) WHERE namespace = ? AND blob_id = ?', namespace, blobId);
    return row ? new Uint8Array(row.octets.buffer, row.octets.byteOffset, row.octets.byteLength) : null;
  }

  /** Inside a transaction. */
  save({ namespace, blobId }: BlobKey, state: BlobState, octets: Uint8Array): void {
    const row = this.sql.get<{ rowId: number }>(
      `INSERT INTO blobs (namespace, blob_id, state, size_bytes) VALUES (?, ?, ?, ?)
       ON CONFLICT (namespace, blob_id) DO UPDATE SET state = excluded.state, size_bytes = excluded.size_bytes RETURNING row_id AS rowId`,
      namespace, blobId, state, octets.length);
    this.sql.run('INSERT OR REPLACE INTO blob_octets (row_id, octets) VALUES (?, ?)', row?.rowId ?? null, octets);
  }

  /** Moves a blob on only when it is still in the state it was seen in: it may have changed while a request was under way. */
  move({ namespace, blobId }: BlobKey, from: BlobState, to: BlobState): void {
    this.sql.run('UPDATE blobs SET state = ? WHERE namespace = ? AND blob_id = ? AND state = ?', to, namespace, blobId, from);
  }

  /** Only where the provider has the blob too. */
  dropOctets({ namespace, blobId }: BlobKey): void {
    this.sql.run(`UPDATE blobs SET state = 'remoteOnly' WHERE namespace = ? AND blob_id = ? AND state = 'synced'`, namespace, blobId);
  }

  /** Also for a blob that is not here: the provider may have it. */
  markForRemoval({ namespace, blobId }: BlobKey): void {
    this.sql.run(
      `INSERT INTO blobs (namespace, blob_id, state, size_bytes) VALUES (?, ?, 'pendingDelete', 0)
       ON CONFLICT (namespace, blob_id) DO UPDATE SET state = excluded.state`, namespace, blobId);
  }

  forget({ namespace, blobId }: BlobKey, state: BlobState): void {
    this.sql.run('DELETE FROM blobs WHERE namespace = ? AND blob_id = ? AND state = ?', namespace, blobId, state);
  }

  /** In the order in which they were put; `afterRow` 0 is the beginning. */
  pagePending(state: 'pendingUpload' | 'pendingDelete', afterRow = 0): (PendingBlob & { rowId: number })[] {
    return this.sql.all(
      `SELECT row_id AS rowId, namespace, blob_id AS blobId, size_bytes AS sizeBytes FROM blobs
       WHERE state = ? AND row_id > ? ORDER BY row_id LIMIT ?`, state, afterRow, PENDING_PAGE_ROWS);
  }

  isUploadPending(blobId: BlobId): boolean {
    return this.sql.get(`SELECT 1 FROM blobs WHERE state = 'pendingUpload' AND blob_id = ?`, blobId) !== undefined;
  }

  countPending(): number {
    return this.sql.get<{ pending: number }>(`SELECT count(*) AS pending FROM blobs WHERE state IN ('pendingUpload', 'pendingDelete')`)?.pending ?? 0;
  }
}
