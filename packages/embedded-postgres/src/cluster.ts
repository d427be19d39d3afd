// A cluster: the directory PostgreSQL keeps its data in, with the password of its one user beside it.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError, errorFromOutput } from './embedded-postgres-error.js';
import type { ServerPrograms } from './server-programs.js';
import type { ServerUser } from './server-user.js';

/** Major version of the binaries; part of the directory's name, since another version cannot read it. */
const MAJOR_VERSION = 18;
export const SUPERUSER = 'paloma';

export interface Cluster {
  dataDirectory: string;
  passwordFile: string;
  logFile: string;
  lockFile: string;
}

/** @throws {EmbeddedPostgresError} "noPermission", "diskFull" */
export function clusterIn(directory: string, user: ServerUser): Cluster {
  try {
    if (mkdirSync(directory, { recursive: true, mode: 0o700 })) user.own(directory);
  } catch (cause) {
    throw errorFromOutput('cannot make the data directory', String(cause));
  }
  return {
    dataDirectory: join(directory, `pg${MAJOR_VERSION}`),
    passwordFile: join(directory, 'superuser.password'),
    logFile: join(directory, 'postgres.log'),
    lockFile: join(directory, 'start.lock'),
  };
}

export function readPassword(cluster: Cluster): string {
  return readFileSync(cluster.passwordFile, 'utf8').trim();
}

/**
 * Makes the cluster unless it is there. It is made beside its place and renamed, so that a run cut short leaves nothing half made.
 * @throws {EmbeddedPostgresError}
 */
export function createCluster(cluster: Cluster, programs: ServerPrograms, user: ServerUser): void {
  if (existsSync(join(cluster.dataDirectory, 'PG_VERSION'))) return;
  const unfinished = `${cluster.dataDirectory}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  writeFileSync(cluster.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  user.own(cluster.passwordFile);
  runInitdb(unfinished, cluster.passwordFile, programs, user);
  renameSync(unfinished, cluster.dataDirectory);
}

function runInitdb(dataDirectory: string, passwordFile: string, programs: ServerPrograms, user: ServerUser): void {
  const parameters = ['-D', dataDirectory, '-U', SUPERUSER, '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C'];
  const { file, parameters: all, options } = user.command(programs.initdb, parameters);
  const result = spawnSync(file, all, { ...options, encoding: 'utf8' });
  if (result.error) throw new EmbeddedPostgresError('startFailed', 'initdb cannot be run', { cause: result.error });
  if (result.status !== 0) throw errorFromOutput('initdb failed', String(result.stderr));
}
