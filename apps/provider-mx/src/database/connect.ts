import type { DataSource } from 'typeorm';
import { connectDatabase as connect } from '@paloma/provider-runtime';
import { OutgoingAcceptance1767312000000 } from './migrations/1767312000000-outgoing-acceptance.js';
import { OutgoingControl1767398400000 } from './migrations/1767398400000-outgoing-control.js';
import { OutgoingQueue1767225600000 } from './migrations/1767225600000-outgoing-queue.js';
import { TlsReports1767484800000 } from './migrations/1767484800000-tls-reports.js';

/** Connects and brings the schema up to date. The caller destroys the data source. @throws {StartError} "databaseUnreachable" */
export function connectDatabase(url: string): Promise<DataSource> {
  return connect({
    url,
    applicationName: 'paloma-provider-mx',
    poolConnections: 10,
    schema: 'provider_mx',
    migrations: [OutgoingQueue1767225600000, OutgoingAcceptance1767312000000, OutgoingControl1767398400000, TlsReports1767484800000],
    migrationLock: 7_245_302,
  });
}
