import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { StartError } from './start-error.js';
import { watchedClient, type SilenceLimit } from './watched-client.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Of the server while it owes an answer. No statement of ours works so long without a word; a machine that hangs does. Less than senders of mail wait. */
const MAX_SILENCE_MS = 20_000;

// int8 is what generations, sizes and times are kept in: all of them are below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export interface DatabaseOptions {
  url: string;
  /** Seen in pg_stat_activity. */
  applicationName: string;
  poolConnections: number;
  migrations: (new () => MigrationInterface)[];
  /** Any constant; all processes of one program use the same, and no other program does. */
  migrationLock: number;
  /** A schema of its own, made when it is not there; the default one when absent. */
  schema?: string;
  /** For tests. */
  maxSilenceMs?: number;
}

/**
 * Connects and brings the schema up to date. The caller destroys the data source.
 * @throws {StartError} "databaseUnreachable"
 */
export async function connectDatabase(options: DatabaseOptions): Promise<DataSource> {
  const { url, applicationName, poolConnections, migrations, schema, maxSilenceMs = MAX_SILENCE_MS } = options;
  const silence: SilenceLimit = { ms: maxSilenceMs, isOn: true };
  const dataSource = new DataSource({
    type: 'postgres', url, poolSize: poolConnections, connectTimeoutMS: CONNECT_TIMEOUT_MS, applicationName, migrations, logging: false,
    poolErrorHandler: () => undefined,   // an idle connection that breaks is replaced by the next query
    extra: { Client: watchedClient(silence) },
    ...(schema !== undefined && { schema }),
  });
  try {
    await dataSource.initialize();
    silence.isOn = false;   // migrations may take their time, and whoever waits for another process's does
    await migrate(dataSource, options);
    silence.isOn = true;
    return dataSource;
  } catch (cause) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw new StartError('databaseUnreachable', `the database cannot be used (${reasonOf(cause)})`, { cause });
  }
}

/** One process at a time: the others wait and find nothing left to do. */
async function migrate(dataSource: DataSource, { schema, migrationLock }: DatabaseOptions): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    if (schema !== undefined) await runner.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
    await runner.release();
  }
}

/** A code alone: messages of the driver may name users and hosts. */
function reasonOf(cause: unknown): string {
  return (cause as { code?: string }).code ?? (cause instanceof Error ? cause.name : 'unknown');
}
