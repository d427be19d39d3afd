import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How TLS to the hosts of domains that ask for reports went, by UTC day, until the report is sent. */
export class TlsReports1767484800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider_mx.tls_report (
        day int4 NOT NULL,
        domain text NOT NULL,
        due_at_ms int8 NOT NULL,
        PRIMARY KEY (day, domain)
      )`);
    await runner.query('CREATE INDEX tls_report_due ON provider_mx.tls_report (due_at_ms)');
    // failure_type is empty for sessions that went well, and so is mx_host.
    await runner.query(`
      CREATE TABLE provider_mx.tls_result (
        day int4 NOT NULL,
        domain text NOT NULL,
        policy_sha256 bytea NOT NULL,
        failure_type text NOT NULL,
        mx_host text NOT NULL,
        policy text NOT NULL,
        sessions int8 NOT NULL,
        PRIMARY KEY (day, domain, policy_sha256, failure_type, mx_host),
        FOREIGN KEY (day, domain) REFERENCES provider_mx.tls_report ON DELETE CASCADE
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE provider_mx.tls_result, provider_mx.tls_report');
  }
}
