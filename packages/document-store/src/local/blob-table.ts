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

export interface LoadedBlob {
  rowId: number;
  octets: Uint8Array;
}

/** With octets here. */
const LOCAL_STATES: readonly (BlobState | null)[] = ['pendingUpload', 'synced', 'localOnly'];

/** Pending blobs looked at in one go. */
const PENDING_PAGE_ROWS = 1000;

export class BlobTable {
  constructor(private readonly sql: Sql) {}

  stateOf({ namespace, blobId }: BlobKey): BlobState | null {
    return this.sql.get<{ state: BlobState }>('SELECT state FROM blobs WHERE namespace = ? AND blob_id = ?', namespace, blobId)?.state ?? null;
  }

  load({ namespace, blobId }: BlobKey): LoadedBlob | null {
    const row = this.sql.get<{ rowId: number; octets: Buffer }>('SELECT row_id AS rowId, octets FROM blobs JOIN blob_octets USING (row_id) WHERE namespace = ? AND blob_id = ?', namespace, blobId);
    return row ? { rowId: row.rowId, octets: new Uint8Array(row.octets.buffer, row.octets.byteOffset, row.octets.byteLength) } : null;
  }

  isHere(key: BlobKey): boolean {
    return LOCAL_STATES.includes(this.stateOf(key));
  }

  /** Whether octets that came from the provider belong here: not when it is to remove them, or when a put was faster. */
  canKeepFetched(key: BlobKey): boolean {
    const state = this.stateOf(key);
    return state === null || state === 'remoteOnly' || state === 'synced';
  }

  /** Null for a blob of which nothing is known here. */
  sizeOf({ namespace, blobId }: BlobKey): number | null {
    return this.sql.get<{ sizeBytes: number }>('SELECT size_bytes AS sizeBytes FROM blobs WHERE namespace = ? AND blob_id = ?', namespace, blobId)?.sizeBytes ?? null;
  }

  /** Inside a transaction. */
  save({ namespace, blobId }: BlobKey, state: BlobState, octets: Uint8Array, lastUse: number): void {
    const row = this.sql.get<{ rowId: number }>(
      `INSERT INTO blobs (namespace, blob_id, state, size_bytes, last_use) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (namespace, blob_id) DO UPDATE SET state = excluded.state, size_bytes = excluded.size_bytes, last_use = excluded.last_use RETURNING row_id AS rowId`,
      namespace, blobId, state, octets.length, lastUse);
    this.sql.run('INSERT OR REPLACE INTO blob_octets (row_id, octets) VALUES (?, ?)', row?.rowId ?? null, octets);
  }

  /** Moves a blob on only when it is still in the state it was seen in: it may have changed while a request was under way. */
  move({ namespace, blobId }: BlobKey, from: BlobState, to: BlobState): void {
    this.sql.run('UPDATE blobs SET state = ? WHERE namespace = ? AND blob_id = ? AND state = ?', to, namespace, blobId, from);
  }

  /** Only where the provider has the blob too, and not where it is pinned. */
  dropOctets({ namespace, blobId }: BlobKey): void {
    this.sql.run(`UPDATE blobs SET state = 'remoteOnly' WHERE namespace = ? AND blob_id = ? AND state = 'synced' AND is_pinned = 0`, namespace, blobId);
  }

  /** The same, least recently used first, until so many octets are given up or so many blobs have been. Inside a transaction. */
  dropLeastUsed(surplusBytes: number, maxBlobs: number): { blobs: number; bytes: number } {
    const rows = this.sql.all<{ rowId: number; sizeBytes: number }>(
      `SELECT row_id AS rowId, size_bytes AS sizeBytes FROM blobs WHERE state = 'synced' AND is_pinned = 0 ORDER BY last_use LIMIT ?`, maxBlobs);
    const dropped = { blobs: 0, bytes: 0 };
    for (const { rowId, sizeBytes } of rows) {
      if (dropped.bytes >= surplusBytes) break;
      this.sql.run(`UPDATE blobs SET state = 'remoteOnly' WHERE row_id = ?`, rowId);
      dropped.blobs += 1;
      dropped.bytes += sizeBytes;
    }
    return dropped;
  }

  /** Of the blobs whose octets are here. */
  localBytes(): number {
    return this.sql.get<{ localBytes: number }>('SELECT local_bytes AS localBytes FROM blob_usage')?.localBytes ?? 0;
  }

  /** Also for a blob that was never here. */
  pin({ namespace, blobId }: BlobKey): void {
    this.sql.run(
      `INSERT INTO blobs (namespace, blob_id, state, size_bytes, is_pinned) VALUES (?, ?, 'remoteOnly', 0, 1)
       ON CONFLICT (namespace, blob_id) DO UPDATE SET is_pinned = 1`, namespace, blobId);
  }

  unpin({ namespace, blobId }: BlobKey, lastUse: number): void {
    this.sql.run('UPDATE blobs SET is_pinned = 0, last_use = ? WHERE namespace = ? AND blob_id = ? AND is_pinned = 1', lastUse, namespace, blobId);
  }

  /** Pinned, and not here yet; at most so many. */
  listPinnedAway(limit: number): BlobKey[] {
    return this.sql.all(`SELECT namespace, blob_id AS blobId FROM blobs WHERE state = 'remoteOnly' AND is_pinned = 1 ORDER BY last_use LIMIT ?`, limit);
  }

  saveUse(rowId: number, lastUse: number): void {
    this.sql.run('UPDATE blobs SET last_use = ? WHERE row_id = ?', lastUse, rowId);
  }

  /** Of the blobs that may be evicted: the only ones among which the order matters. */
  newestUse(): number {
    return this.sql.get<{ newest: number | null }>(`SELECT max(last_use) AS newest FROM blobs WHERE state = 'synced' AND is_pinned = 0`)?.newest ?? 0;
  }

  /** The provider may have lost what it had: every blob that is here is offered to it again. */
  offerAllAgain(): void {
    this.sql.run(`UPDATE blobs SET state = 'pendingUpload' WHERE state = 'synced'`);
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
