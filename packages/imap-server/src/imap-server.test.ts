import { expect, test } from '@jest/globals';
import { MailStoreError, type MailStore } from '@paloma/mail-store/port';
import type { MailboxId } from '@paloma/shared-model';
import { startServer, type RunningServer } from './test/running-server.js';
import { memoryGateway, PASSWORD } from './test/memory-gateway.js';
import { LineSocket, manualClock } from '@paloma/test-kit';
import { createImapServer } from './imap-server.js';
import type { ImapTap } from './imap-tap.js';
import { transcript } from './test/transcript.js';

const INBOX = 'inbox' as MailboxId;
const LOGIN = `login LOGIN alice@example.org ${JSON.stringify(PASSWORD)}\r\n`;

transcript('unknown words, missing tags and other protocols are answered, then the connection ends', async ({ connect }) => {
  const client = await connect(null);
  await client.run(`
    C: a1 FROBNICATE
    S: a1 BAD unknown command
    C: a2
    S: a2 BAD space expected …
    C: (nonsense
    S: * BAD tag expected
    C: a3 noop extra
    S: a3 BAD end of command expected …
    C: a4 UID NOOP
    S: a4 BAD unknown command`);
  for (let count = 5; count < 20; count++) await client.run('C: GET / HTTP/1.1\nS: GET BAD …');
  await client.expectEnd();
});

transcript('commands sent in one packet are answered in order, under the limits that a log-in among them raised', async ({ connect }) => {
  const client = await connect(null);
  client.send(`${LOGIN}a APPEND INBOX {9000+}\r\n${'x'.repeat(9000)}\r\nb SELECT INBOX\r\nc FETCH 1 RFC822.SIZE\r\nd LOGOUT\r\n`);
  await client.run(`
    S: login OK …
    S: a OK [APPENDUID <validity> 1] APPEND completed
    S: …
    S: b OK [READ-WRITE] SELECT completed
    S: * 1 FETCH (RFC822.SIZE 9000)
    S: c OK FETCH completed
    S: * BYE see you
    S: d OK LOGOUT completed`);
  await client.expectEnd();
});

test('a client that sends all and then closes its side gets all answers', async () => {
  const server = await startServer();
  const client = await LineSocket.connect(server.port);
  client.send(`${LOGIN}x APPEND INBOX {200000+}\r\n${'x'.repeat(200_000)}\r\na SELECT INBOX\r\n${'b FETCH 1 RFC822\r\n'.repeat(10)}`);
  client.socket.end();
  const lines: (string | null)[] = [];
  for (let line = await client.readLine(); line !== null; line = await client.readLine()) lines.push(line);
  expect(lines.filter((line) => line === 'b OK FETCH completed')).toHaveLength(10);
  await server.close();
});

transcript('a connection on which nothing moves is closed', async ({ connect }) => {
  const client = await connect(null);   // who logs in may be too slow for so short a time
  await client.run('S: * BYE nothing was said for too long');
  await client.expectEnd();
}, { limits: { idleTimeoutMs: 100 } });

/** A store whose reading methods fail as told. */
function failing(store: MailStore, error: Error): MailStore {
  const fail = (): Promise<never> => Promise.reject(error);
  return Object.assign(Object.create(store) as MailStore, { subscribe: store.subscribe.bind(store), loadMessageBytes: fail, listMailboxes: fail, openView: fail });
}

test.each<[name: string, error: Error, lines: RegExp[], bugs: number]>([
  ['a message that cannot be fetched now', new MailStoreError('contentUnavailable', 'offline'), [/^a NO \[UNAVAILABLE\] the message is not on this device/], 0],
  ['an account that is locked meanwhile', new MailStoreError('storeClosed', 'closed'), [/^a NO \[UNAVAILABLE\] this account is locked/, /^\* BYE this account is locked/], 0],
  ['a bug', new TypeError('x is not a function'), [/^a NO \[SERVERBUG\]/], 1],
])('says what is wrong: %s', async (_, error, lines, bugs) => {
  const memory = memoryGateway(manualClock());
  const gateway = { async logIn(address: string, password: string) {
    const outcome = await memory.logIn(address, password);
    return outcome.ok ? { ok: true as const, account: { ...outcome.account, mailStore: failing(outcome.account.mailStore, error) } } : outcome;
  } };
  const server = await startServer({ gateway });
  const client = await LineSocket.connect(server.port);
  client.send(`${LOGIN}a STATUS INBOX (MESSAGES)\r\n`);
  for (const line of [/^\* OK/, /^login OK/, ...lines]) expect(await client.readLine()).toMatch(line);
  client.close();
  await server.close();
  expect(server.bugs).toHaveLength(bugs);
});

/** Another session is served fifty times over, until meanwhile nothing more is loaded. */
async function untilStill(server: RunningServer, loadedBytes: () => number): Promise<void> {
  const quick = await LineSocket.connect(server.port);
  quick.send(LOGIN);
  for (const line of [/^\* OK/, /^login OK/]) expect(await quick.readLine()).toMatch(line);
  for (let before = -1; loadedBytes() === 0 || before !== loadedBytes();) {
    before = loadedBytes();
    quick.send('n NOOP\r\n'.repeat(50));
    for (let count = 0; count < 50; count += 1) expect(await quick.readLine()).toMatch(/^n OK/);
  }
}

test('a reader that stops reading stops its own session, and no other', async () => {
  const server = await startServer();
  const store = server.gateway.storeOf('alice');
  await store.append({ octets: Buffer.alloc(20_000_000, 'x'), mailboxIds: [INBOX] });
  let loadedBytes = 0;
  const load = store.loadMessageBytes.bind(store);
  store.loadMessageBytes = async (emailId, range) => {
    loadedBytes += range?.length ?? 0;
    return load(emailId, range);
  };
  const slow = await LineSocket.connect(server.port);
  slow.socket.pause();
  slow.send(`${LOGIN}a SELECT INBOX\r\n${'b FETCH 1 BODY.PEEK[]\r\n'.repeat(10)}`);
  await untilStill(server, () => loadedBytes);
  expect(loadedBytes).toBeLessThan(50_000_000);
  await server.close(); // does not wait for the reader either
  slow.close();
  expect(server.bugs).toEqual([]);
});

test('a reader that stops reading lets small messages wait in the store, too', async () => {
  const server = await startServer();
  const store = server.gateway.storeOf('alice');
  await store.appendAll(Array.from({ length: 200 }, () => ({ octets: Buffer.alloc(100_000, 'x'), mailboxIds: [INBOX] })));
  let loadedBytes = 0;
  const load = store.getMessagesAtHand.bind(store);
  store.getMessagesAtHand = async (messageKeys, options) => {
    loadedBytes += messageKeys.length * 100_000;
    return load(messageKeys, options);
  };
  const slow = await LineSocket.connect(server.port);
  slow.socket.pause();
  slow.send(`${LOGIN}a SELECT INBOX\r\n${'b FETCH 1:* BODY.PEEK[]\r\n'.repeat(10)}`);
  await untilStill(server, () => loadedBytes);
  expect(loadedBytes).toBeLessThan(50_000_000);
  await server.close();
  slow.close();
  expect(server.bugs).toEqual([]);
});

test('closing tells every client and waits for their end', async () => {
  const server = await startServer();
  const client = await LineSocket.connect(server.port);
  client.send(`${LOGIN}a IDLE\r\n`);
  for (const line of [/^\* OK/, /^login OK/, /^\+ idling/]) expect(await client.readLine()).toMatch(line);
  await server.close();
  expect(await client.readLine()).toBe('* BYE Paloma is going down');
  expect(await client.readLine()).toBeNull();
});

test.each(['n NOOP\r\n', 'i IDLE\r\n'])('a log-in ends with the password that it was made with, also while the client waits (%j)', async (command) => {
  const server = await startServer();
  const client = await LineSocket.connect(server.port);
  client.send(`${LOGIN}s SELECT INBOX\r\n${command}`);
  for (let line = ''; !/^(n OK|\+ idling)/.test(line);) line = (await client.readLine())!;
  server.gateway.revoke();
  expect(await client.readLine()).toBe('* BYE the password of this mail program was revoked');
  expect(await client.readLine()).toBeNull();
  await server.close();
});

test('one server listens on several addresses, and a tap hears both sides of each dialogue', async () => {
  const heard: string[] = [];
  const tap: ImapTap = {
    opened: () => void heard.push('opened'), closed: () => void heard.push('closed'),
    received: (_, octets) => void heard.push(`C ${Buffer.from(octets).toString()}`), sent: (_, octets) => void heard.push(`S ${Buffer.from(octets).toString()}`),
  };
  const server = createImapServer({ gateway: memoryGateway(manualClock()), tap });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const second = await server.listen({ host: '127.0.0.1', port: 0 });
  expect(second.port).not.toBe(port);
  const client = await LineSocket.connect(second.port);
  client.send('a LOGOUT\r\n');
  while (await client.readLine() !== null);
  await server.close();
  expect(heard.map((line) => line.replace(/\[CAPABILITY [^\]]*\]/, '[…]'))).toEqual([
    'opened', 'S * OK […] Paloma IMAP ready\r\n', 'C a LOGOUT\r\n', 'S * BYE see you\r\na OK LOGOUT completed\r\n', 'closed',
  ]);
});
