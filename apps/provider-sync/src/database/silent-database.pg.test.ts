// A PostgreSQL whose processes stand still, as on a machine that swaps or a disk that hangs: neither it nor TCP says that anything is wrong.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@paloma/embedded-postgres';
import { connectDatabase, isDatabaseOutage } from '@paloma/provider-runtime';
import type { DataSource } from 'typeorm';

/** Over what a busy machine takes for an answer. */
const MAX_SILENCE_MS = 1_000;
const MIGRATION_LOCK = 4711;

let database: TestDatabase;
let dataSource: DataSource;
/** Waits for every answer, as long as a disk may take. */
let patient: DataSource;
const connect = (maxSilenceMs = MAX_SILENCE_MS): Promise<DataSource> => connectDatabase({ url: database.url, applicationName: 'silent', poolConnections: 3, migrations: [], migrationLock: MIGRATION_LOCK, maxSilenceMs });

beforeAll(async () => {
  database = await createTestDatabase();
  patient = await connect(60_000);
  dataSource = await connect();
});
afterAll(async () => {
  await Promise.all([dataSource?.destroy(), patient?.destroy()]);
  await database?.drop();
});

type Asked = Pick<DataSource, 'query'>;
const serverProcess = async (connection: Asked): Promise<number> => (await connection.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid'))[0].pid;

/** Until nobody has asked it anything for longer than a silence may last. */
async function untilRested(pid: number, other: Asked): Promise<void> {
  const rested = `SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND now() - state_change > interval '${2 * MAX_SILENCE_MS} ms'`;
  while ((await other.query<unknown[]>(rested, [pid])).length === 0) continue;
}

test('whoever asks hears of an outage, also after a rest, and nothing of what was begun is there when it goes on', async () => {
  const [runner, other] = [dataSource.createQueryRunner(), patient.createQueryRunner()];
  await other.query('CREATE TABLE kept (n int)');
  const pid = await serverProcess(runner);
  await untilRested(pid, other);
  const outcome = runner.manager.transaction(async (manager) => {
    await manager.query('INSERT INTO kept VALUES (1)');
    process.kill(pid, 'SIGSTOP');
    await manager.query('INSERT INTO kept VALUES (2)');
  });
  const error: unknown = await outcome.then(() => null, (reason: unknown) => reason);
  process.kill(pid, 'SIGCONT');
  expect(isDatabaseOutage(error)).toBe(true);
  expect(await other.query('SELECT n FROM kept')).toEqual([]);
  await Promise.all([runner.release(), other.release()]);
});

test('a connection that nobody asks anything lasts, and so does one that waits for the migrations of another process', async () => {
  const [idle, other] = [dataSource.createQueryRunner(), patient.createQueryRunner()];
  const pid = await serverProcess(idle);
  await other.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  const second = connect();
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_advisory_lock%' AND wait_event_type = 'Lock' AND now() - query_start > interval '${2 * MAX_SILENCE_MS} ms'`;
  while ((await other.query(waiting) as unknown[]).length === 0) continue;
  await other.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  await (await second).destroy();
  expect(await serverProcess(idle)).toBe(pid);
  await Promise.all([idle.release(), other.release()]);
});
