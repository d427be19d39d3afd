// What the operator does to accounts: disables them, and deletes them without giving their addresses to anybody else.

import type { MigrationInterface, QueryRunner } from 'typeorm';

const CHANGES = [
  // Null: not disabled.
  'ALTER TABLE account ADD COLUMN disabled_at_ms bigint',
  // Addresses of accounts that were deleted. By their hash: to know them again is all that is needed.
  `CREATE TABLE retired_address (
    address_sha256 bytea PRIMARY KEY,
    retired_at_ms bigint NOT NULL)`,
];

export class AccountControl1767657600000 implements MigrationInterface {
  name = 'AccountControl1767657600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of CHANGES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE retired_address');
    await runner.query('ALTER TABLE account DROP COLUMN disabled_at_ms');
  }
}
