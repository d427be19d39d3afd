import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an operator sees of the queue and does to it, who is not sent to for a while, and how much an account has submitted. */
export class OutgoingControl1767398400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE provider_mx.outgoing_recipient
        ADD is_held boolean NOT NULL DEFAULT false,
        ADD is_delay_told boolean NOT NULL DEFAULT false,
        ADD is_given_up boolean NOT NULL DEFAULT false,
        ADD last_status text`);
    await runner.query('CREATE INDEX outgoing_recipient_leased ON provider_mx.outgoing_recipient (destination) WHERE lease_id IS NOT NULL');
    // Recipients are keyed hashes: the table tells nobody whom anybody writes to.
    await runner.query(`
      CREATE TABLE provider_mx.suppression (
        recipient_hash bytea PRIMARY KEY,
        failures int4 NOT NULL,
        last_failed_at_ms int8 NOT NULL
      )`);
    await runner.query('CREATE INDEX suppression_age ON provider_mx.suppression (last_failed_at_ms)');
    await runner.query(`
      CREATE TABLE provider_mx.submission_usage (
        account_id text PRIMARY KEY,
        hour int8 NOT NULL,
        messages int4 NOT NULL,
        recipients int4 NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE provider_mx.submission_usage, provider_mx.suppression');
    await runner.query('DROP INDEX provider_mx.outgoing_recipient_leased');
    await runner.query('ALTER TABLE provider_mx.outgoing_recipient DROP is_held, DROP is_delay_told, DROP is_given_up, DROP last_status');
  }
}
