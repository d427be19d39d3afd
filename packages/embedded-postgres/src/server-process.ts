import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { EmbeddedPostgresError, errorFromOutput } from './embedded-postgres-error.js';
import { isProcessAlive } from './process-alive.js';
import { findRunningServer, isPostmasterFileGone, type RunningServer } from './postmaster-file.js';
import type { ServerPrograms } from './server-programs.js';
import type { ServerUser } from './server-user.js';

const POLL_MS = 10;
/** Recovery after a crash may replay a lot of log on a slow disk. */
const MAX_START_MS = 60_000;
const MAX_STOP_MS = 30_000;

/** Loopback alone and no Unix socket: the bundled OpenSSL is old, and passwords go by SCRAM. */
const SETTINGS = { listen_addresses: '127.0.0.1', unix_socket_directories: '', shared_buffers: '128MB', max_connections: '100' };

/** For databases that nobody misses: a crash of the machine may spoil them. */
export const THROW_AWAY_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts the server in a session of its own, so that Ctrl-C in a terminal stops the program first and the database after it.
 * @throws {EmbeddedPostgresError} "startFailed", "noPermission", "diskFull"
 */
export async function startServerProcess(cluster: Cluster, programs: ServerPrograms, user: ServerUser, { port, settings = {} }: { port?: number; settings?: Record<string, string> }): Promise<RunningServer> {
  const log = openSync(cluster.logFile, 'w', 0o600);
  const parameters = ['-D', cluster.dataDirectory, '-p', String(port ?? await freePort()), ...asParameters({ ...SETTINGS, ...settings })];
  const { file, parameters: all, options } = user.command(programs.postgres, parameters);
  const child = spawn(file, all, { ...options, detached: true, stdio: ['ignore', log, log] });
  let failure: Error | null = null;
  let hasEnded = false;
  child.once('error', (error) => { failure = error; });
  child.once('exit', () => { hasEnded = true; });
  child.unref();
  closeSync(log);
  return waitUntilReady(cluster, () => {
    if (failure !== null) return String(failure);
    return hasEnded ? readFileSync(cluster.logFile, 'utf8') : null;
  });
}

/** `lastWords`: what it said when it ended, `null` while it runs. */
async function waitUntilReady(cluster: Cluster, lastWords: () => string | null): Promise<RunningServer> {
  const giveUpAtMs = Date.now() + MAX_START_MS;
  while (Date.now() < giveUpAtMs) {
    const said = lastWords();
    if (said !== null) throw errorFromOutput('postgres did not start', said);
    const running = await findRunningServer(cluster.dataDirectory);
    if (running) return running;
    await delay(POLL_MS);
  }
  throw new EmbeddedPostgresError('startFailed', `postgres was not ready after ${MAX_START_MS / 1000} s`);
}

/** Fast shutdown: connections end, what was committed is kept. Resolves when the server is gone. */
export async function stopServerProcess(cluster: Cluster, pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    return;   // already gone
  }
  const giveUpAtMs = Date.now() + MAX_STOP_MS;
  while (!isPostmasterFileGone(cluster.dataDirectory) && Date.now() < giveUpAtMs) await delay(POLL_MS);
}

/** kill -9, as a crash does it. Resolves when the process is gone: until then a start would find it running and leave it at that. */
export async function killServerProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (isProcessAlive(pid)) await delay(POLL_MS);
}

function asParameters(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
