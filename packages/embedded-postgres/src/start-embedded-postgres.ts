// A PostgreSQL server out of node_modules, so that a provider can be tried, tested and run small without installing one.
// A server that already runs on the directory (another process, or a start that was killed) is used as it is.

import { clusterIn, createCluster, readPassword, SUPERUSER, type Cluster } from './cluster.js';
import { findRunningServer, type RunningServer } from './postmaster-file.js';
import { startServerProcess, stopServerProcess } from './server-process.js';
import { findServerPrograms } from './server-programs.js';
import { chooseServerUser, type ServerUser } from './server-user.js';
import { withStartLock } from './start-lock.js';

export interface EmbeddedPostgresOptions {
  /** Where the data is kept; made when it is not there. */
  directory: string;
  /** Told in a few words what is being done; first starts take about a second. */
  log?: (message: string) => void;
  /** One that is free when not given. */
  port?: number;
  /** Server settings by name, e.g. `{ fsync: 'off' }`. */
  settings?: Record<string, string>;
  /** Who runs the server; found out when not given. */
  user?: ServerUser;
}

export interface EmbeddedPostgres {
  /** Holds the password: not for logs. */
  url: string;
  pid: number;
  /** True when the server was running before; then `stop` leaves it running. */
  reused: boolean;
  stop(): Promise<void>;
}

/** @throws {EmbeddedPostgresError} */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = options.user ?? chooseServerUser();
  const cluster = clusterIn(options.directory, user);
  return withStartLock(cluster.lockFile, async () => {
    const running = await findRunningServer(cluster.dataDirectory);
    if (running) return describe(cluster, running, true);
    return describe(cluster, await startServer(cluster, user, options), false);
  });
}

async function startServer(cluster: Cluster, user: ServerUser, { log, ...server }: EmbeddedPostgresOptions): Promise<RunningServer> {
  const programs = findServerPrograms();
  log?.('preparing the embedded database');
  createCluster(cluster, programs, user);
  log?.('starting the embedded database');
  return startServerProcess(cluster, programs, user, server);
}

function describe(cluster: Cluster, { pid, port }: RunningServer, reused: boolean): EmbeddedPostgres {
  const url = `postgres://${SUPERUSER}:${readPassword(cluster)}@127.0.0.1:${port}/postgres`;
  return { url, pid, reused, stop: reused ? async () => undefined : () => stopServerProcess(cluster, pid) };
}
