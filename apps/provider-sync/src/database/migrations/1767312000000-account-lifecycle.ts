// A second credential (the recovery code), log-ins that know which record they were begun with, and the devices of an account.

import type { MigrationInterface, QueryRunner } from 'typeorm';

const CHANGES = [
  // Null: there is no recovery code.
  'ALTER TABLE account ADD COLUMN recovery_record text',
  // A log-in opens a session only while its record is still the account's: a change of passphrase ends those under way.
  'DELETE FROM pending_login',
  `ALTER TABLE pending_login ADD COLUMN credential text NOT NULL, ADD COLUMN registration_record text`,
  // removed_at_ms set: the device was removed; its replica uid is spent.
  `CREATE TABLE replica (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    replica_uid text COLLATE "C" NOT NULL,
    created_at_ms bigint NOT NULL,
    last_seen_at_ms bigint NOT NULL,
    removed_at_ms bigint,
    PRIMARY KEY (account_id, replica_uid))`,
  `INSERT INTO replica (account_id, replica_uid, created_at_ms, last_seen_at_ms)
   SELECT account_id, replica_uid, min(created_at_ms), max(last_used_at_ms) FROM session GROUP BY account_id, replica_uid`,
];

export class AccountLifecycle1767312000000 implements MigrationInterface {
  name = 'AccountLifecycle1767312000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of CHANGES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE replica');
    await runner.query('ALTER TABLE pending_login DROP COLUMN credential, DROP COLUMN registration_record');
    await runner.query('ALTER TABLE account DROP COLUMN recovery_record');
  }
}
