// The tables of the store itself, as numbered steps; `user_version` of the file says how far it is. Projections make their
// own tables. If you add a step: never change an older one, and keep a fixture of the file as it was released.

import { StoreError } from '../store-error.js';
import type { EncryptedDatabase } from './encrypted-database.js';

const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

  -- content: CBOR; null is a tombstone. dirty_sequence: null when the provider has this revision.
  -- base_revision: while dirty, the revision that the provider was last known to have.
  CREATE TABLE documents (
    row_id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    class INTEGER NOT NULL,
    revision TEXT NOT NULL,
    base_revision TEXT,
    dirty_sequence INTEGER,
    content BLOB
  ) STRICT;
  CREATE INDEX documents_of_type ON documents (type, row_id) WHERE content IS NOT NULL;
  CREATE INDEX documents_dirty ON documents (dirty_sequence) WHERE dirty_sequence IS NOT NULL;

  -- octets: null when only the provider has them (remoteOnly) or when they are to be removed there (pendingDelete).
  CREATE TABLE blobs (
    row_id INTEGER PRIMARY KEY,
    namespace TEXT NOT NULL,
    blob_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pendingUpload', 'synced', 'remoteOnly', 'localOnly', 'pendingDelete')),
    size_bytes INTEGER NOT NULL,
    octets BLOB,
    UNIQUE (namespace, blob_id)
  ) STRICT;
  CREATE INDEX blobs_pending ON blobs (state, row_id) WHERE state IN ('pendingUpload', 'pendingDelete');

  -- What the provider sent and this device cannot accept, as it was sent; kept, shown, tried again.
  CREATE TABLE set_aside (
    opaque_id TEXT NOT NULL,
    revision TEXT NOT NULL,
    reason TEXT NOT NULL,
    class INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    tombstone INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    set_aside_at_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (opaque_id, revision)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE projections (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // SQLite writes a row anew as a whole: what changes again and again stands apart from the octets, or every upload would
  // write them a second time.
  `
  CREATE TABLE dirty_documents (dirty_sequence INTEGER PRIMARY KEY, document_id TEXT NOT NULL UNIQUE, base_revision TEXT) STRICT;
  INSERT INTO dirty_documents SELECT dirty_sequence, document_id, base_revision FROM documents WHERE dirty_sequence IS NOT NULL;
  DROP INDEX documents_dirty;
  ALTER TABLE documents DROP COLUMN dirty_sequence;
  ALTER TABLE documents DROP COLUMN base_revision;

  -- Of the blobs row of the same row_id.
  CREATE TABLE blob_octets (row_id INTEGER PRIMARY KEY, octets BLOB NOT NULL) STRICT;
  INSERT INTO blob_octets SELECT row_id, octets FROM blobs WHERE octets IS NOT NULL;
  ALTER TABLE blobs DROP COLUMN octets;
  CREATE TRIGGER blobs_forgotten AFTER DELETE ON blobs BEGIN
    DELETE FROM blob_octets WHERE row_id = old.row_id;
  END;
  CREATE TRIGGER blobs_dropped AFTER UPDATE OF state ON blobs WHEN new.state IN ('remoteOnly', 'pendingDelete') BEGIN
    DELETE FROM blob_octets WHERE row_id = new.row_id;
  END;
  `,
  `
  -- 1: was sent at least once since it is dirty, so that the provider may have it or not.
  ALTER TABLE dirty_documents ADD COLUMN was_sent INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX dirty_documents_sent ON dirty_documents (dirty_sequence) WHERE was_sent = 1;

  -- What each replica wrote, as far as it was seen at the provider: local/write-ledger.ts.
  CREATE TABLE write_digests (replica_uid TEXT PRIMARY KEY, digest BLOB NOT NULL) STRICT, WITHOUT ROWID;

  -- The newest statement that was received of each other replica, and the generation under which it came.
  CREATE TABLE peer_heads (replica_uid TEXT PRIMARY KEY, number INTEGER NOT NULL, generation INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // Documents from before this replica started afresh that were not received again: local/unconfirmed-table.ts.
  'CREATE TABLE unconfirmed_documents (document_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;',
  `
  -- last_use: the higher, the later it was put, fetched or read (local/blob-cache.ts).
  ALTER TABLE blobs ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE blobs ADD COLUMN last_use INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX blobs_evictable ON blobs (last_use) WHERE state = 'synced' AND is_pinned = 0;
  CREATE INDEX blobs_pinned_away ON blobs (last_use) WHERE state = 'remoteOnly' AND is_pinned = 1;

  -- One row. local_bytes: of all blobs whose octets are here, so that nobody has to add them up.
  CREATE TABLE blob_usage (local_bytes INTEGER NOT NULL) STRICT;
  INSERT INTO blob_usage SELECT coalesce(sum(size_bytes), 0) FROM blobs WHERE state IN ('pendingUpload', 'synced', 'localOnly');
  CREATE TRIGGER blobs_counted AFTER INSERT ON blobs WHEN new.state IN ('pendingUpload', 'synced', 'localOnly') BEGIN
    UPDATE blob_usage SET local_bytes = local_bytes + new.size_bytes;
  END;
  CREATE TRIGGER blobs_recounted AFTER UPDATE OF state, size_bytes ON blobs BEGIN
    UPDATE blob_usage SET local_bytes = local_bytes + (new.state IN ('pendingUpload', 'synced', 'localOnly')) * new.size_bytes
      - (old.state IN ('pendingUpload', 'synced', 'localOnly')) * old.size_bytes;
  END;
  CREATE TRIGGER blobs_discounted AFTER DELETE ON blobs WHEN old.state IN ('pendingUpload', 'synced', 'localOnly') BEGIN
    UPDATE blob_usage SET local_bytes = local_bytes - old.size_bytes;
  END;

  -- The beginning of a large blob whose download is not at its end, sealed: local/unfinished-downloads.ts.
  CREATE TABLE blob_parts (
    namespace TEXT NOT NULL,
    blob_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    total_bytes INTEGER NOT NULL,
    octets BLOB NOT NULL,
    PRIMARY KEY (namespace, blob_id, position)
  ) STRICT;
  `,
  `
  -- 1: what the provider is known to have is a tombstone, which it may remove while the edit on top of it waits here.
  ALTER TABLE dirty_documents ADD COLUMN is_base_deleted INTEGER NOT NULL DEFAULT 0;
  `,
  // A write touches few pages: documents that change stand together (local/document-rows.ts), the index by type has nothing to do
  // with content, and who is dirty is found by its row and not by an id that is random.
  `
  DROP INDEX documents_of_type;
  UPDATE documents SET row_id = row_id + 1099511627776 WHERE type NOT IN ('message', 'message-content');
  CREATE INDEX documents_of_type ON documents (type);

  CREATE TABLE dirty_rows (
    row_id INTEGER PRIMARY KEY,
    dirty_sequence INTEGER NOT NULL,
    base_revision TEXT,
    was_sent INTEGER NOT NULL DEFAULT 0,
    is_base_deleted INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO dirty_rows SELECT row_id, dirty_sequence, base_revision, was_sent, is_base_deleted FROM dirty_documents JOIN documents USING (document_id);
  DROP TABLE dirty_documents;
  ALTER TABLE dirty_rows RENAME TO dirty_documents;
  CREATE INDEX dirty_documents_in_order ON dirty_documents (dirty_sequence);
  CREATE INDEX dirty_documents_sent ON dirty_documents (dirty_sequence) WHERE was_sent = 1;
  `,
];

/**
 * Brings the file to the newest schema, or to an older one for tests, one transaction for each step.
 * @throws {StoreError} "needsNewerVersion"
 */
export function migrateSchema(database: EncryptedDatabase, version = MIGRATIONS.length): void {
  const current = Number(database.pragma('user_version'));
  if (current > MIGRATIONS.length) throw new StoreError('needsNewerVersion', `database of schema ${current}, this program knows ${MIGRATIONS.length}`);
  for (const [index, step] of MIGRATIONS.slice(0, version).entries()) {
    if (index < current) continue;
    database.transaction(() => {
      database.exec(step);
      database.pragma(`user_version=${index + 1}`);
    }, true);
  }
}
