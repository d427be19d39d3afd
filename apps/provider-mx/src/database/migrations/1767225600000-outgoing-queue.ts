import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Times are epoch milliseconds of the process's clock, so that one clock decides and tests can move it. */
export class OutgoingQueue1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider_mx.outgoing_message (
        message_id uuid PRIMARY KEY,
        sealed bytea NOT NULL,
        accepted_at_ms int8 NOT NULL,
        is_unreadable boolean NOT NULL DEFAULT false
      )`);
    // Sealed octets do not compress, and are never read in part.
    await runner.query('ALTER TABLE provider_mx.outgoing_message ALTER COLUMN sealed SET STORAGE EXTERNAL');
    await runner.query(`
      CREATE TABLE provider_mx.outgoing_recipient (
        message_id uuid NOT NULL REFERENCES provider_mx.outgoing_message ON DELETE CASCADE,
        position int4 NOT NULL,
        destination text NOT NULL,
        failed_attempts int4 NOT NULL DEFAULT 0,
        due_at_ms int8,
        lease_id uuid,
        PRIMARY KEY (message_id, position)
      )`);
    await runner.query('CREATE INDEX outgoing_recipient_due ON provider_mx.outgoing_recipient (due_at_ms) WHERE due_at_ms IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE provider_mx.outgoing_recipient, provider_mx.outgoing_message');
  }
}
