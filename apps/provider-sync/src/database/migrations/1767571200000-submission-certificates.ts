// TLS certificates by which programs without a session token submit mail. Each ends with the session that it was issued to.

import type { MigrationInterface, QueryRunner } from 'typeorm';

const CHANGES = [
  `CREATE TABLE submission_certificate (
    account_id text COLLATE "C" NOT NULL,
    certificate_id text COLLATE "C" NOT NULL,
    certificate_sha256 bytea NOT NULL,
    token_sha256 bytea NOT NULL,
    created_at_ms bigint NOT NULL,
    expires_at_ms bigint NOT NULL,
    PRIMARY KEY (account_id, certificate_id),
    FOREIGN KEY (account_id, token_sha256) REFERENCES session ON DELETE CASCADE)`,
  'CREATE UNIQUE INDEX submission_certificate_sha256 ON submission_certificate (certificate_sha256)',
  'CREATE INDEX submission_certificate_session ON submission_certificate (account_id, token_sha256)',
];

export class SubmissionCertificates1767571200000 implements MigrationInterface {
  name = 'SubmissionCertificates1767571200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of CHANGES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE submission_certificate');
  }
}
