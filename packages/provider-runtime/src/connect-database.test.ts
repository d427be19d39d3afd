import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { connectDatabase } from './connect-database.js';

// PostgreSQL manual, "Message Formats": a type, the length with itself, the fields.
const message = (type: string, ...fields: Buffer[]): Buffer => {
  const content = Buffer.concat(fields);
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type), length, content]);
};
const AUTHENTICATION_OK = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const LAST_WORDS = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));
const MAX_SILENCE_MS = 50;

let server: Server;
afterEach(() => void server.close());

/** A server that says something to each client, and nothing ever after. */
async function connectTo(talk: (socket: Socket) => void): Promise<unknown> {
  server = createServer((socket) => socket.on('error', () => undefined).once('data', () => talk(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return connectDatabase({ url: `postgres://somebody@127.0.0.1:${port}/any`, applicationName: 'test', poolConnections: 2, migrations: [], migrationLock: 1, maxSilenceMs: MAX_SILENCE_MS });
}

test('a server that ends as soon as it is ready is away, and does not take us with it', async () => {
  const connecting = connectTo((socket) => void socket.end(Buffer.concat([AUTHENTICATION_OK, READY, LAST_WORDS])));
  await expect(connecting).rejects.toMatchObject({ code: 'databaseUnreachable' });
});

test('a server that owes an answer and hangs is away', async () => {
  const connecting = connectTo((socket) => void socket.write(Buffer.concat([AUTHENTICATION_OK, READY])));
  await expect(connecting).rejects.toMatchObject({ code: 'databaseUnreachable', cause: { code: 'ETIMEDOUT' } });
});
