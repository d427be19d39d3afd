// postmaster.pid, PostgreSQL's own note of the server that runs on a data directory: line 1 its process id, line 4 its port,
// line 8 its state ("ready" once connections are taken). The server removes it when it has stopped.

import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isProcessAlive } from './process-alive.js';

export interface RunningServer {
  pid: number;
  port: number;
}

/** The server of a data directory, once it takes connections; null while there is none. */
export async function findRunningServer(dataDirectory: string): Promise<RunningServer | null> {
  const lines = readLines(dataDirectory);
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (lines[7]?.trim() !== 'ready' || !isProcessAlive(pid)) return null;
  return (await acceptsConnections(port)) ? { pid, port } : null;   // the id may have passed to another process
}

export function isPostmasterFileGone(dataDirectory: string): boolean {
  return !existsSync(join(dataDirectory, 'postmaster.pid'));
}

function readLines(dataDirectory: string): string[] {
  try {
    return readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
