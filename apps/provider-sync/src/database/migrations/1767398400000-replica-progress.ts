// How far each replica has read the log, and what was removed from it because all of them had passed it.

import type { MigrationInterface, QueryRunner } from 'typeorm';

const CHANGES = [
  // A row as soon as the replica can hold documents of the class; through: it has seen every generation up to this one.
  `CREATE TABLE replica_progress (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    replica_uid text COLLATE "C" NOT NULL,
    class smallint NOT NULL,
    through bigint NOT NULL,
    PRIMARY KEY (account_id, replica_uid, class))`,
  // What older versions did not note is 0: nothing is removed until these replicas are heard of again, or forgotten.
  `INSERT INTO replica_progress (account_id, replica_uid, class, through)
   SELECT account_id, replica_uid, class, 0 FROM replica CROSS JOIN (VALUES (0), (1), (2)) AS classes (class) WHERE removed_at_ms IS NULL`,
  // through: the highest generation of a tombstone that was removed.
  `CREATE TABLE compaction (
    account_id text COLLATE "C" NOT NULL REFERENCES account ON DELETE CASCADE,
    class smallint NOT NULL,
    through bigint NOT NULL,
    PRIMARY KEY (account_id, class))`,
  'CREATE INDEX document_tombstone ON document (account_id, generation) WHERE is_tombstone',
];

export class ReplicaProgress1767398400000 implements MigrationInterface {
  name = 'ReplicaProgress1767398400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of CHANGES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX document_tombstone');
    for (const table of ['compaction', 'replica_progress']) await runner.query(`DROP TABLE ${table}`);
  }
}
