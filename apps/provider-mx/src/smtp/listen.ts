import { once } from 'node:events';
import { lstatSync, unlinkSync } from 'node:fs';
import { createConnection, type Server } from 'node:net';
import { StartError } from '@paloma/provider-runtime';

/** A Unix socket where `socket` is given, else a port. */
export interface ListeningAddress {
  socket?: string | undefined;
  bind: string;
  port?: number | undefined;
}

/**
 * Listens and gives the port; null for a Unix socket, which everybody can open who may enter its directory.
 * @throws {StartError} "portTaken"
 */
export async function listen(server: Server, { socket, bind, port = 0 }: ListeningAddress): Promise<number | null> {
  if (socket !== undefined) await removeAbandoned(socket);
  try {
    server.listen(socket === undefined ? { host: bind, port } : { path: socket, readableAll: true, writableAll: true });
    await once(server, 'listening');
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new StartError('portTaken', `cannot listen on ${socket ?? `${bind} port ${port}`} (${code})`, { cause });
  }
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : null;
}

/** A process that was killed leaves its socket behind, and nobody answers there. */
async function removeAbandoned(socket: string): Promise<void> {
  if (lstatSync(socket, { throwIfNoEntry: false })?.isSocket() !== true) return;
  const connection = createConnection(socket);
  const isAnswered = await once(connection, 'connect').then(() => true, () => false);
  connection.destroy();
  if (!isAnswered) unlinkSync(socket);
}
