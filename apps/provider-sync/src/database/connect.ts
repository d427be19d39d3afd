import pg from 'pg';
import { DataSource } from 'typeorm';
import { StartError } from '../start-error.js';
import { InitialSchema1767225600000 } from './migrations/1767225600000-initial-schema.js';
import { AccountLifecycle1767312000000 } from './migrations/1767312000000-account-lifecycle.js';
import { ReplicaProgress1767398400000 } from './migrations/1767398400000-replica-progress.js';

const POOL_CONNECTIONS = 12;
const CONNECT_TIMEOUT_MS = 10_000;
/** Any constant will do; two processes that start at once must use the same. */
const MIGRATION_LOCK = 7_245_301;

// int8 is what generations, sizes and times are kept in: all of them are below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Connects and brings the schema up to date. The caller destroys the data source.
 * @throws {StartError} "databaseUnreachable"
 */
export async function connectDatabase(databaseUrl: string): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    poolSize: POOL_CONNECTIONS,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'paloma-provider-sync',
    migrations: [InitialSchema1767225600000, AccountLifecycle1767312000000, ReplicaProgress1767398400000],
    logging: false,
    poolErrorHandler: () => undefined,   // an idle connection that breaks is replaced by the next query
  });
  try {
    await dataSource.initialize();
    await migrate(dataSource);
    return dataSource;
  } catch (cause) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw new StartError('databaseUnreachable', `the database cannot be used (${reasonOf(cause)})`, { cause });
  }
}

/** One process at a time: the others wait and find nothing left to do. */
async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await runner.release();
  }
}

/** A code alone: messages of the driver may name users and hosts. */
function reasonOf(cause: unknown): string {
  return (cause as { code?: string }).code ?? (cause instanceof Error ? cause.name : 'unknown');
}
