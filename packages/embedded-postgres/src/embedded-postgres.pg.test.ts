import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import pg from 'pg';
import { errorFromOutput } from './embedded-postgres-error.js';
import { provideDatabase } from './provide-database.js';
import { killServerProcess } from './server-process.js';
import { CURRENT_USER, NOBODY_USER, type ServerUser } from './server-user.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './start-embedded-postgres.js';
import { createTestDatabase } from './test-database.js';

const base = temporaryDirectory();
chmodSync(base, 0o755);
const newDirectory = (): string => mkdtempSync(join(base, 'case-'));

const started: EmbeddedPostgres[] = [];
afterEach(() => Promise.all(started.splice(0).map((server) => server.stop())));

async function start(directory: string, user?: ServerUser): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, ...(user && { user }) });
  started.push(server);
  return server;
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

test('what was written is there after a stop and a new start', async () => {
  const directory = newDirectory();
  const first = await start(directory);
  await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await first.stop();
  const second = await start(directory);
  expect(second.reused).toBe(false);
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('several callers at once share one server, which its starter alone stops', async () => {
  const directory = newDirectory();
  const servers = await Promise.all([start(directory), start(directory), start(directory)]);
  expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1);
  expect(servers.filter(({ reused }) => !reused)).toHaveLength(1);
  await servers.find(({ reused }) => reused)?.stop();
  expect(await query(servers[0]!.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('a killed server is recovered by the next start', async () => {
  const directory = newDirectory();
  const first = await start(directory);
  await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await killServerProcess(first.pid);
  expect(await query((await start(directory)).url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('the lock of a dead process is taken over', async () => {
  const directory = newDirectory();
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(join(directory, 'start.lock'), String(pid));
  expect((await start(directory)).reused).toBe(false);
  expect(existsSync(join(directory, 'start.lock'))).toBe(false);
});

test('a directory that cannot be made is "noPermission" or told as it is', async () => {
  const file = join(newDirectory(), 'file');
  writeFileSync(file, '');
  await expect(start(join(file, 'below'))).rejects.toMatchObject({ name: 'EmbeddedPostgresError' });
});

test.each([
  ['initdb: error: could not write: No space left on device', 'diskFull'],
  ['initdb: error: could not access directory: Permission denied', 'noPermission'],
  ['FATAL: something else', 'startFailed'],
])('%s is %s', (output, code) => {
  expect(errorFromOutput('initdb failed', output).code).toBe(code);
});

test('no user namespace is needed: root becomes nobody, anybody else stays who they are', async () => {
  const user = process.getuid?.() === 0 ? NOBODY_USER : CURRENT_USER;
  const directory = newDirectory();
  chmodSync(directory, 0o755);
  const data = join(directory, 'data');
  const server = await start(data, user);
  expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('test databases are empty, apart from each other, and gone when dropped', async () => {
  const [left, right] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    await query(left.url, 'CREATE TABLE mine AS SELECT 1');
    expect(await query(right.url, "SELECT 1 FROM pg_tables WHERE tablename = 'mine'")).toEqual([]);
    const name = new URL(left.url).pathname.slice(1);
    await left.drop();
    expect(await query(right.url, `SELECT 1 FROM pg_database WHERE datname = '${name}'`)).toEqual([]);
  } finally {
    await right.drop();
  }
});

test('DATABASE_URL is used as it is, and nothing is started', async () => {
  const directory = join(newDirectory(), 'never-made');
  const before = process.env['DATABASE_URL'];
  process.env['DATABASE_URL'] = 'postgres://somewhere/else';
  try {
    expect((await provideDatabase({ directory })).url).toBe('postgres://somewhere/else');
    expect(existsSync(directory)).toBe(false);
  } finally {
    if (before === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = before;
  }
});
