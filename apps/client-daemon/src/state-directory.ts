// The daemon's directory: one daemon at a time, readable by its owner alone.

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redacted, type RandomSource } from '@paloma/shared-model';
import { DaemonError } from './daemon-error.js';

const CONTROL_TOKEN_BYTES = 32;
const CONTROL_TOKEN_FILE = 'control-token';
const CONTROL_URL_FILE = 'control-url';

export class StateDirectory {
  readonly path: string;
  readonly accounts: string;
  readonly #lockPath: string;

  private constructor(path: string) {
    this.path = path;
    this.accounts = join(path, 'accounts');
    this.#lockPath = join(path, 'palomad.pid');
  }

  /** Makes the directory and takes it for this process. @throws {DaemonError} "noPermission" | "diskFull" | "alreadyRunning" */
  static open(path: string): StateDirectory {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      const directory = new StateDirectory(path);
      directory.#lock();
      return directory;
    } catch (error) {
      throw explain(error, path);
    }
  }

  /** Secret of the control API: made once, kept in a file that only the owner reads. */
  controlToken(random: RandomSource): Redacted<string> {
    const file = join(this.path, CONTROL_TOKEN_FILE);
    if (!existsSync(file)) writeFileSync(file, Buffer.from(random.bytes(CONTROL_TOKEN_BYTES)).toString('base64url'), { mode: 0o600, flush: true });
    return new Redacted(readFileSync(file, 'utf8').trim());
  }

  /** Where programs of this user find the control API while this process runs. */
  noteControlUrl(url: string): void {
    writeFileSync(join(this.path, CONTROL_URL_FILE), `${url}\n`, { mode: 0o600 });
  }

  release(): void {
    rmSync(join(this.path, CONTROL_URL_FILE), { force: true });
    rmSync(this.#lockPath, { force: true });
  }

  #lock(): void {
    if (isAlive(this.#lockPath)) throw new DaemonError('alreadyRunning', `A daemon is running already with ${this.path}: stop that one first, or name another stateDirectory.`);
    rmSync(this.#lockPath, { force: true });
    const file = openSync(this.#lockPath, 'wx', 0o600);
    writeFileSync(file, String(process.pid));
    closeSync(file);
  }
}

/** Whether the process that a lock file names still runs; a crash leaves the file behind. */
function isAlive(lockPath: string): boolean {
  if (!existsSync(lockPath)) return false;
  const pid = Number(readFileSync(lockPath, 'utf8'));
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function explain(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') return new DaemonError('noPermission', `No permission to write ${path}: change its owner, or name another stateDirectory.`, { cause: error });
  if (code === 'ENOSPC' || code === 'EDQUOT') return new DaemonError('diskFull', `The disk that holds ${path} is full: make room, then start again.`, { cause: error });
  return error;
}
