import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import { LineSocket } from '@paloma/test-kit';
import { PASSWORD } from './test/memory-gateway.js';
import { startServer } from './test/running-server.js';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './test/test-certificate.js';
import { transcript } from './test/transcript.js';

const tls = { key: TEST_CERTIFICATE_KEY, cert: TEST_CERTIFICATE };

test.each<[name: string, mode: 'implicit' | 'startTls', client: { secure: boolean; doSTARTTLS?: boolean }]>([
  ['TLS from the first octet', 'implicit', { secure: true }],
  ['STARTTLS', 'startTls', { secure: false, doSTARTTLS: true }],
])('a client that trusts the certificate comes in by %s', async (_, mode, options) => {
  const server = await startServer({ tls: { ...tls, mode } });
  const auth = { user: 'alice@example.org', pass: PASSWORD };
  const client = new ImapFlow({ host: 'localhost', port: server.port, ...options, logger: false, auth, tls: { ca: TEST_CERTIFICATE } });
  await client.connect();
  expect(client.secureConnection).toBe(true);
  await client.append('INBOX', Buffer.from('x'.repeat(500_000)));
  await client.mailboxOpen('INBOX');
  const fetched = await client.fetchOne('1', { source: true });
  expect(fetched && fetched.source?.length).toBe(500_000);
  await client.logout();
  await server.close();
  expect(server.bugs).toEqual([]);
});

transcript('no password is taken before STARTTLS where it is asked for', async ({ connect }) => {
  const client = await connect(null);
  await client.run(`
    C: a1 CAPABILITY
    S: * CAPABILITY IMAP4rev2 IMAP4rev1 LITERAL+ ID STARTTLS LOGINDISABLED
    S: a1 OK CAPABILITY completed
    C: a2 LOGIN alice@example.org ${JSON.stringify(PASSWORD)}
    S: a2 NO [PRIVACYREQUIRED] use STARTTLS first`);
}, { tls: { ...tls, mode: 'startTls' } });

transcript('STARTTLS is refused where it is not offered', async ({ connect }) => {
  const client = await connect(null);
  await client.run(`
    C: a1 STARTTLS
    S: a1 BAD TLS is on already, or not offered here`);
});

test('commands sent in plain behind STARTTLS are never carried out', async () => { // CVE-2011-0411 and its kin
  const server = await startServer({ tls: { ...tls, mode: 'startTls' } });
  const client = await LineSocket.connect(server.port);
  client.send('a1 STARTTLS\r\na2 NOOP\r\n');
  expect(await client.readLine()).toMatch(/^\* OK/);
  expect(await client.readLine()).toBe('a1 OK begin TLS now');
  expect(await client.readLine()).toBeNull();
  await server.close();
});

test('a peer that leaves in the middle of STARTTLS is not waited for', async () => {
  const server = await startServer({ tls: { ...tls, mode: 'startTls' } });
  const client = await LineSocket.connect(server.port);
  client.send('a1 STARTTLS\r\n');
  expect(await client.readLine()).toMatch(/^\* OK/);
  expect(await client.readLine()).toBe('a1 OK begin TLS now');
  client.close();
  await server.close();
  expect(server.bugs).toEqual([]);
});

test('a peer that speaks no TLS ends only its own connection', async () => {
  const server = await startServer({ tls });
  const stray = await LineSocket.connect(server.port);
  stray.send('a1 NOOP\r\n');
  expect(await stray.readLine()).toBeNull();
  const socket = connectTls({ port: server.port, host: 'localhost', ca: TEST_CERTIFICATE });
  const [greeting] = (await once(socket, 'data')) as [Buffer];
  expect(greeting.toString()).toMatch(/^\* OK/);
  socket.destroy();
  await server.close();
});
