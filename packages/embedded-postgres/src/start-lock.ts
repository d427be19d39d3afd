// One process at a time starts or stops the server of a directory. The lock is a file that holds the owner's process id;
// that of a dead owner is taken over.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { isProcessAlive } from './process-alive.js';

const RETRY_MS = 20;
/** Longer than any start takes, also on a busy disk. */
const MAX_WAIT_MS = 60_000;

/** @throws {EmbeddedPostgresError} "busy" when another live process keeps the lock */
export async function withStartLock<Result>(lockFile: string, work: () => Promise<Result>): Promise<Result> {
  const giveUpAtMs = Date.now() + MAX_WAIT_MS;
  while (!tryLock(lockFile)) {
    if (Date.now() > giveUpAtMs) throw new EmbeddedPostgresError('busy', 'another process keeps starting the server');
    await delay(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function tryLock(lockFile: string): boolean {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    removeIfStale(lockFile);
    return false;
  }
}

/** Renaming first makes sure that of two who see a stale lock only one removes it. */
function removeIfStale(lockFile: string): void {
  try {
    const owner = Number(readFileSync(lockFile, 'utf8'));
    if (owner === 0 || isProcessAlive(owner)) return;   // 0: its owner is writing it
    renameSync(lockFile, `${lockFile}.stale.${process.pid}`);
    rmSync(`${lockFile}.stale.${process.pid}`, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
