import { createServer, type AddressInfo } from 'node:net';
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
const ENDING = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

const server = createServer((socket) => {
  socket.on('error', () => undefined).once('data', () => socket.end(Buffer.concat([AUTHENTICATION_OK, READY, ENDING])));
});
afterEach(() => void server.close());

test('a server that ends as soon as it is ready is away, and does not take us with it', async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connecting = connectDatabase({ url: `postgres://somebody@127.0.0.1:${port}/any`, applicationName: 'test', poolConnections: 2, migrations: [], migrationLock: 1 });
  await expect(connecting).rejects.toMatchObject({ code: 'databaseUnreachable' });
});
