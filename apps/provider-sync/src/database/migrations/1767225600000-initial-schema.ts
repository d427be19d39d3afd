// Every table of user data has account_id first in its primary key, and no foreign key crosses accounts: the schema can be
// distributed by account as it stands. Times are epoch milliseconds. Ids compare by octets (COLLATE "C"), as on the wire.
// Sealed octets do not compress: STORAGE EXTERNAL spares the attempt.

import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `CREATE TABLE account (
    account_id text COLLATE "C" PRIMARY KEY,
    registration_record text NOT NULL,
    created_at_ms bigint NOT NULL,
    generation bigint NOT NULL DEFAULT 0,
    transaction_id text NOT NULL DEFAULT '',
    quota_bytes bigint NOT NULL,
    used_bytes bigint NOT NULL DEFAULT 0)`,
  `CREATE TABLE account_address (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    address text NOT NULL,
    PRIMARY KEY (account_id, address))`,
  'CREATE UNIQUE INDEX account_address_unique ON account_address (address)',
  `CREATE TABLE invitation (
    code_sha256 bytea PRIMARY KEY,
    created_at_ms bigint NOT NULL)`,
  `CREATE TABLE session (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    token_sha256 bytea NOT NULL,
    replica_uid text NOT NULL,
    created_at_ms bigint NOT NULL,
    last_used_at_ms bigint NOT NULL,
    PRIMARY KEY (account_id, token_sha256))`,
  'CREATE UNIQUE INDEX session_token ON session (token_sha256)',
  // account_id is null for an address that has no account: such a login runs to its end and fails there.
  `CREATE TABLE pending_login (
    login_id text PRIMARY KEY,
    account_id text COLLATE "C",
    address_sha256 bytea NOT NULL,
    login_state text NOT NULL,
    expires_at_ms bigint NOT NULL)`,
  'CREATE INDEX pending_login_expiry ON pending_login (expires_at_ms)',
  `CREATE TABLE login_attempt (
    address_sha256 bytea PRIMARY KEY,
    window_started_at_ms bigint NOT NULL,
    attempts integer NOT NULL)`,
  'CREATE INDEX login_attempt_window ON login_attempt (window_started_at_ms)',
  `CREATE TABLE vault (
    account_id text COLLATE "C" PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    version text NOT NULL,
    sealed bytea NOT NULL)`,
  `CREATE TABLE certificate (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    address text NOT NULL,
    wkd_hash text NOT NULL,
    transferable_public_key bytea NOT NULL,
    PRIMARY KEY (account_id, address))`,
  'CREATE INDEX certificate_wkd_hash ON certificate (wkd_hash)',
  'CREATE UNIQUE INDEX certificate_address ON certificate (address)',
  `CREATE TABLE document (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    document_id text COLLATE "C" NOT NULL,
    revision text COLLATE "C" NOT NULL,
    generation bigint NOT NULL,
    transaction_id text NOT NULL,
    source_replica text NOT NULL,
    class smallint NOT NULL,
    epoch integer NOT NULL,
    is_tombstone boolean NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (account_id, document_id))`,
  'ALTER TABLE document ALTER COLUMN sealed SET STORAGE EXTERNAL',
  'CREATE UNIQUE INDEX document_generation ON document (account_id, generation)',
  // The head after each push: what a replica may remember of us.
  `CREATE TABLE push_transaction (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    generation bigint NOT NULL,
    transaction_id text NOT NULL,
    PRIMARY KEY (account_id, generation))`,
  // Octets are in the row (sealed) or in the blob directory (file_id).
  `CREATE TABLE blob (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    namespace text COLLATE "C" NOT NULL,
    blob_id text COLLATE "C" NOT NULL,
    size_bytes bigint NOT NULL,
    sealed bytea,
    file_id text,
    PRIMARY KEY (account_id, namespace, blob_id),
    CHECK ((sealed IS NULL) <> (file_id IS NULL)))`,
  'ALTER TABLE blob ALTER COLUMN sealed SET STORAGE EXTERNAL',
  // taken_at_ms set: delivered and taken; the row stays a while so that a repeated delivery is recognised.
  `CREATE TABLE incoming_item (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    item_id text COLLATE "C" NOT NULL,
    size_bytes bigint NOT NULL,
    received_at_ms bigint NOT NULL,
    available_at_ms bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    last_failure text,
    lease text,
    leased_by text,
    lease_until_ms bigint,
    taken_at_ms bigint,
    sealed bytea,
    file_id text,
    PRIMARY KEY (account_id, item_id))`,
  'ALTER TABLE incoming_item ALTER COLUMN sealed SET STORAGE EXTERNAL',
  'CREATE INDEX incoming_item_waiting ON incoming_item (account_id, received_at_ms) WHERE taken_at_ms IS NULL',
  'CREATE INDEX incoming_item_taken ON incoming_item (taken_at_ms) WHERE taken_at_ms IS NOT NULL',
];

export class InitialSchema1767225600000 implements MigrationInterface {
  name = 'InitialSchema1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['incoming_item', 'blob', 'push_transaction', 'document', 'certificate', 'vault', 'login_attempt', 'pending_login', 'session', 'invitation', 'account_address', 'account'];
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
