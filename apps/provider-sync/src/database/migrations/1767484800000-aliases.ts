// Addresses of an account beside the one that it was made with, and logs in with.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Aliases1767484800000 implements MigrationInterface {
  name = 'Aliases1767484800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE account_address ADD COLUMN is_alias boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM account_address WHERE is_alias');
    await runner.query('ALTER TABLE account_address DROP COLUMN is_alias');
  }
}
