// The beginnings of large blobs whose downloads are not at their ends, still sealed, so that a download goes on where it was
// cut off, also in another life of the program.

import type { Sql } from '../document-store.js';
import type { BlobKey } from './blob-table.js';

/** A reader that gave up may never come back: more beginnings than this are not kept, the oldest go first. */
const MAX_UNFINISHED_DOWNLOADS = 4;

/** How far a download is: octets from the first one on, and of how many. */
export interface DownloadExtent {
  receivedBytes: number;
  totalBytes: number;
}

export class UnfinishedDownloads {
  constructor(private readonly sql: Sql) {}

  /** Null for a blob of which nothing was received. */
  extentOf({ namespace, blobId }: BlobKey): DownloadExtent | null {
    return this.sql.get<DownloadExtent>(
      `SELECT position + length(octets) AS receivedBytes, total_bytes AS totalBytes FROM blob_parts WHERE namespace = ? AND blob_id = ? ORDER BY position DESC LIMIT 1`, namespace, blobId) ?? null;
  }

  /** The next octets of a blob. Inside a transaction. */
  append({ namespace, blobId }: BlobKey, { receivedBytes, totalBytes }: DownloadExtent, octets: Uint8Array): void {
    if (receivedBytes === 0) this.#makeRoom();
    this.sql.run('INSERT INTO blob_parts (namespace, blob_id, position, total_bytes, octets) VALUES (?, ?, ?, ?, ?)', namespace, blobId, receivedBytes, totalBytes, octets);
  }

  /** Everything that was received of a blob, in one piece. */
  join({ namespace, blobId }: BlobKey): Uint8Array {
    const parts = this.sql.all<{ octets: Buffer }>('SELECT octets FROM blob_parts WHERE namespace = ? AND blob_id = ? ORDER BY position', namespace, blobId);
    return new Uint8Array(Buffer.concat(parts.map(({ octets }) => octets)));
  }

  forget({ namespace, blobId }: BlobKey): void {
    this.sql.run('DELETE FROM blob_parts WHERE namespace = ? AND blob_id = ?', namespace, blobId);
  }

  #makeRoom(): void {
    const known = this.sql.all<BlobKey>('SELECT namespace, blob_id AS blobId FROM blob_parts WHERE position = 0 ORDER BY rowid DESC LIMIT -1 OFFSET ?', MAX_UNFINISHED_DOWNLOADS - 1);
    for (const key of known) this.forget(key);
  }
}
