import type { DataSource } from 'typeorm';
import { connectDatabase as connect } from '@paloma/provider-runtime';
import { InitialSchema1767225600000 } from './migrations/1767225600000-initial-schema.js';
import { AccountLifecycle1767312000000 } from './migrations/1767312000000-account-lifecycle.js';
import { ReplicaProgress1767398400000 } from './migrations/1767398400000-replica-progress.js';
import { Aliases1767484800000 } from './migrations/1767484800000-aliases.js';
import { SubmissionCertificates1767571200000 } from './migrations/1767571200000-submission-certificates.js';
import { AccountControl1767657600000 } from './migrations/1767657600000-account-control.js';

/** Connects and brings the schema up to date. The caller destroys the data source. @throws {StartError} "databaseUnreachable" */
export function connectDatabase(url: string): Promise<DataSource> {
  return connect({
    url,
    applicationName: 'paloma-provider-sync',
    poolConnections: 12,
    migrations: [
      InitialSchema1767225600000, AccountLifecycle1767312000000, ReplicaProgress1767398400000, Aliases1767484800000, SubmissionCertificates1767571200000, AccountControl1767657600000,
    ],
    migrationLock: 7_245_301,
  });
}
