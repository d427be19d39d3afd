import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which messages were accepted, also when they have left: ids are keyed hashes and tell nothing. */
export class OutgoingAcceptance1767312000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE provider_mx.outgoing_acceptance (message_id uuid PRIMARY KEY, accepted_at_ms int8 NOT NULL)');
    await runner.query('CREATE INDEX outgoing_acceptance_age ON provider_mx.outgoing_acceptance (accepted_at_ms)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE provider_mx.outgoing_acceptance');
  }
}
