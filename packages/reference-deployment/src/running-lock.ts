import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeploymentError } from './deployment-error.js';

/** Keeps a second deployment out of the same directory; a lock left by a crash is taken over. */
export class RunningLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws {DeploymentError} "alreadyRunning" */
  static take(directory: string): RunningLock {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, 'running.pid');
    if (isAlive(readPid(path))) throw new DeploymentError('alreadyRunning', `Paloma is running already from ${directory}: stop that one first, or set PALOMA_HOME to another folder.`);
    writeFileSync(path, String(process.pid));
    return new RunningLock(path);
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}

function readPid(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function isAlive(pid: number | null): boolean {
  if (!pid || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
