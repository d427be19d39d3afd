// Judge: imapflow, a client written by others, against the server over a real socket.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ImapFlow } from 'imapflow';
import { PASSWORD } from './test/memory-gateway.js';
import { startServer, type RunningServer } from './test/running-server.js';

let server: RunningServer;
const clients: ImapFlow[] = [];

beforeEach(async () => { server = await startServer(); });

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.close();
  expect(server.bugs).toEqual([]);
});

async function connect(options: { qresync?: boolean } = {}): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1', port: server.port, secure: false, doSTARTTLS: false, logger: false, auth: { user: 'alice@example.org', pass: PASSWORD }, ...options,
  });
  clients.push(client);
  await client.connect();
  return client;
}

const message = (subject: string, body = 'hello\r\n'): Buffer =>
  Buffer.from(`From: Bob <bob@example.com>\r\nTo: alice@example.org\r\nSubject: ${subject}\r\nDate: Thu, 1 Jan 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.com>\r\n\r\n${body}`);

async function octetsOf(chunks: AsyncIterable<Buffer> | undefined): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks ?? []) all.push(chunk);
  return Buffer.concat(all);
}

test('what is appended comes back octet for octet, large or broken', async () => {
  const client = await connect();
  const everyOctet = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256 || 1));
  for (const octets of [message('plain'), Buffer.concat([message('every octet'), everyOctet]), Buffer.from('no header at all'), message('large', 'x'.repeat(3_000_000))]) {
    const appended = await client.append('Archive', octets, ['\\Seen']);
    await client.mailboxOpen('Archive');
    const fetched = await client.fetchOne(String(appended && appended.uid), { source: true, size: true }, { uid: true });
    expect(fetched && fetched.source?.equals(octets)).toBe(true);
    expect(fetched && fetched.size).toBe(octets.length);
    const { content } = await client.download(String(appended && appended.uid), undefined, { uid: true });
    expect((await octetsOf(content)).equals(octets)).toBe(true);
  }
});

test('mailboxes are made, listed with their roles, renamed and deleted', async () => {
  const client = await connect();
  await client.mailboxCreate(['Projekte', 'Übersicht & Pläne']);
  await client.mailboxSubscribe('Projekte/Übersicht & Pläne');
  const listed = await client.list({ statusQuery: { messages: true, uidNext: true } });
  expect(listed.map(({ path }) => path).sort()).toEqual(['Archive', 'Drafts', 'INBOX', 'Junk', 'Projekte', 'Projekte/Übersicht & Pläne', 'Sent', 'Trash']);
  expect(listed.find(({ path }) => path === 'Sent')?.specialUse).toBe('\\Sent');
  expect(listed.find(({ path }) => path === 'Projekte')?.flags.has('\\HasChildren')).toBe(true);
  await client.mailboxRename('Projekte', 'Arbeit');
  await client.mailboxDelete('Arbeit/Übersicht & Pläne');
  expect((await client.list()).map(({ path }) => path)).toContain('Arbeit');
  expect(await client.status('Arbeit', { messages: true, uidNext: true, size: true, highestModseq: true })).toMatchObject({ messages: 0, uidNext: 1 });
});

test('flags, search, copy and move', async () => {
  const client = await connect();
  for (const subject of ['one', 'two', 'grüße', 'four']) await client.append('INBOX', message(subject, `body of ${subject}\r\n`));
  await client.mailboxOpen('INBOX');
  await client.messageFlagsAdd('1:2', ['\\Flagged', '$Label1']);
  await client.messageFlagsRemove('2', ['\\Flagged']);
  const flags = await client.fetchAll('1:*', { flags: true });
  expect(flags.map((entry) => [...(entry.flags ?? [])].sort())).toEqual([['$label1', '\\Flagged'], ['$label1'], [], []]);
  expect(await client.search({ flagged: true })).toEqual([1]);
  expect(await client.search({ keyword: '$label1' }, { uid: true })).toEqual([1, 2]);
  expect(await client.search({ subject: 'GRÜß' })).toEqual([3]);
  expect(await client.search({ body: 'body of four', from: 'bob' })).toEqual([4]);
  expect(await client.search({ or: [{ subject: 'one' }, { not: { since: new Date('2020-01-01') } }] })).toEqual([1]);
  const copied = await client.messageCopy('1,3', 'Archive');
  expect(copied && [...(copied.uidMap ?? [])]).toEqual([[1, 1], [3, 2]]);
  const moved = await client.messageMove('2:3', 'Trash');
  expect(moved && [...(moved.uidMap ?? [])]).toEqual([[2, 1], [3, 2]]);
  expect((await client.fetchAll('1:*', { uid: true })).map(({ uid }) => uid)).toEqual([1, 4]);
  await client.messageDelete('1');
  expect((await client.fetchAll('1:*', { uid: true })).map(({ uid }) => uid)).toEqual([4]);
});

test('structure and envelope', async () => {
  const client = await connect();
  const multipart = Buffer.from([
    'From: "Bob, B." <bob@example.com>', 'To: a group: alice@example.org;', 'Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=', 'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="b"', '', 'preamble', '--b', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', 'héllo',
    '--b', 'Content-Type: message/rfc822', '', 'Subject: inner', 'Content-Type: text/html', '', '<p>x</p>', '--b',
    'Content-Type: application/pdf; name="a.pdf"', 'Content-Disposition: attachment; filename="a.pdf"', 'Content-Transfer-Encoding: base64', '', 'JVBERi0=', '--b--', '',
  ].join('\r\n'));
  await client.append('INBOX', multipart);
  await client.mailboxOpen('INBOX');
  const fetched = await client.fetchOne('1', { envelope: true, bodyStructure: true, bodyParts: ['1', '2.mime', '2.header', '2.1', '2.text', '3'], headers: ['subject', 'to'] });
  if (!fetched) throw new Error('no message');
  expect(fetched.envelope?.subject).toBe('grüße');
  expect(fetched.envelope?.from?.[0]).toEqual({ name: 'Bob, B.', address: 'bob@example.com' });
  expect(fetched.bodyStructure?.childNodes?.map(({ type, part }) => [type, part])).toEqual([['text/plain', '1'], ['message/rfc822', '2'], ['application/pdf', '3']]);
  const part = (name: string): string | undefined => fetched.bodyParts?.get(name)?.toString('utf8');
  expect(part('1')).toBe('héllo');
  expect(part('2.mime')).toBe('Content-Type: message/rfc822\r\n\r\n');
  expect(part('2.header')).toBe('Subject: inner\r\nContent-Type: text/html\r\n\r\n');
  expect(part('2.1')).toBe('<p>x</p>');
  expect(part('2.text')).toBe('<p>x</p>');
  expect(part('3')).toBe('JVBERi0=');
  expect(fetched.headers?.toString()).toBe('To: a group: alice@example.org;\r\nSubject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n\r\n');
});

test('two sessions: one idles and hears at once what the other does', async () => {
  const [watcher, worker] = [await connect(), await connect()];
  await watcher.mailboxOpen('INBOX');
  const heard: string[] = [];
  const heardEnough = new Promise<void>((resolve) => {
    const hear = (what: string): void => { if (heard.push(what) === 4) resolve(); };
    watcher.on('exists', ({ count }) => hear(`exists ${count}`));
    watcher.on('flags', ({ flags }) => hear(`flags ${[...flags].join(' ')}`));
    watcher.on('expunge', ({ seq }) => hear(`expunge ${seq}`));
  });
  const idling = watcher.idle();
  await worker.append('INBOX', message('news'));
  await worker.mailboxOpen('INBOX');
  await worker.messageFlagsAdd('1', ['\\Flagged']);
  await worker.messageDelete('1');
  await heardEnough;
  expect(heard).toEqual(['exists 1', 'flags \\Flagged', 'flags \\Flagged \\Deleted', 'expunge 1']);
  await watcher.noop();
  await idling;
});

test('a client with QRESYNC hears what vanished', async () => {
  const client = await connect({ qresync: true });
  for (const subject of ['one', 'two', 'three']) await client.append('INBOX', message(subject));
  await client.mailboxOpen('INBOX');
  const vanished: unknown[] = [];
  client.on('expunge', ({ uid, vanished: isVanished }) => vanished.push([uid, isVanished]));
  await client.messageDelete('1:2');
  expect(vanished).toEqual([[1, true], [2, true]]);
});
