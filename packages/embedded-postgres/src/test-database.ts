// Databases for tests: fresh, uniquely named, all on one embedded server that the user's test processes share. The first
// one starts it, the last one stops it; each marks its use by a file named after its process.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { isProcessAlive } from './process-alive.js';
import { clusterIn } from './cluster.js';
import { chooseServerUser } from './server-user.js';
import { startEmbeddedPostgres } from './start-embedded-postgres.js';
import { stopServerProcess, THROW_AWAY_SETTINGS } from './server-process.js';
import { withStartLock } from './start-lock.js';

export interface TestDatabase {
  url: string;
  /** Ends what is still connected and removes the database. To be called when the test file ends. */
  drop(): Promise<void>;
}

/** A new empty database, on the server of DATABASE_URL or on the shared embedded one. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['DATABASE_URL'] ? { url: process.env['DATABASE_URL'], release: async () => undefined } : await useSharedServer();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(server.url, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    await execute(server.url, `DROP DATABASE ${name} WITH (FORCE)`);
    await server.release();
  };
  return { url: url.href, drop };
}

async function useSharedServer(): Promise<{ url: string; release(): Promise<void> }> {
  const directory = join(tmpdir(), `paloma-test-postgres-${userInfo().username}`);
  const usesDirectory = join(directory, 'uses');
  const use = join(usesDirectory, `${process.pid}-${randomBytes(4).toString('hex')}`);
  return withStartLock(lockBeside(directory), async () => {
    mkdirSync(usesDirectory, { recursive: true, mode: 0o700 });
    writeFileSync(use, '');
    const { url, pid } = await startEmbeddedPostgres({ directory, settings: THROW_AWAY_SETTINGS });
    return { url, release: () => release(directory, usesDirectory, use, pid) };
  });
}

function release(directory: string, usesDirectory: string, use: string, pid: number): Promise<void> {
  return withStartLock(lockBeside(directory), async () => {
    rmSync(use, { force: true });
    for (const other of readdirSync(usesDirectory)) if (!isProcessAlive(Number.parseInt(other, 10))) rmSync(join(usesDirectory, other), { force: true });
    if (readdirSync(usesDirectory).length === 0) await stopServerProcess(clusterIn(directory, chooseServerUser()), pid);
  });
}

/** Not the lock of the start itself, which is taken inside. */
function lockBeside(directory: string): string {
  return `${directory}.lock`;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
