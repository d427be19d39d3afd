import pg from 'pg';
import { DataSource } from 'typeorm';
import { StartError } from '../start-error.js';
import { OutgoingQueue1767225600000 } from './migrations/1767225600000-outgoing-queue.js';

const POOL_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 10_000;
/** Any constant will do, as long as all processes that start at once use the same and no other program does. */
const MIGRATION_LOCK = 7_245_302;

// int8 is what times are kept in: all of them are below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Connects and brings the schema `provider_mx` up to date; other schemas of the database are not touched. The caller
 * destroys the data source.
 * @throws {StartError} "databaseUnreachable"
 */
export async function connectDatabase(databaseUrl: string): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    schema: 'provider_mx',
    poolSize: POOL_CONNECTIONS,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    applicationName: 'paloma-provider-mx',
    migrations: [OutgoingQueue1767225600000],
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
    await runner.query('CREATE SCHEMA IF NOT EXISTS provider_mx');
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
