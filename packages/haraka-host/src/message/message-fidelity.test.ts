// What becomes of a message on its way through the host: what nobody changed leaves as it came.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { startFixture, type Fixture } from '../test/host-fixture.js';
import type { Peer } from '../test/peer.js';

// What the message asks for in its subject, at `data` and `data_post`.
const EDITOR = `
exports.hook_data = (next, connection) => {
  connection.transaction.parse_body = true;
  const { user } = connection.transaction.mail_from;
  if (user === 'discard') connection.transaction.discard_data = true;
  if (user === 'line') for (const line of ['X-Line: one\\r\\n', '\\t.two\\r\\n']) connection.transaction.add_data(line);
  if (user === 'banner') connection.transaction.set_banner('a banner');
  if (user === 'filter') connection.transaction.add_body_filter('text/plain', (type, encoding, part) => Buffer.from(part.toString().toUpperCase()));
  if (user === 'attachment') connection.transaction.attachment_hooks((type, name) => server.heard.push(type + ' ' + name));
  next();
};
exports.hook_data_post = (next, connection) => {
  const { transaction } = connection;
  server.heard.push(transaction.header.get('Received').split('\\n')[0]);
  if (transaction.mail_from.user === 'header') {
    transaction.add_leading_header('X-First', 'one');
    transaction.add_header('X-Last', 'naïve');
    transaction.remove_header('X-Gone');
  }
  if (transaction.mail_from.user === 'reader') {
    const chunks = [];
    transaction.message_stream.get_data((octets) => { server.heard.push(octets.toString()); next(); });
    return;
  }
  next();
};
`;

let fixture: Fixture;
let peer: Peer;
const heard: string[] = [];

beforeAll(async () => {
  fixture = await startFixture({ plugins: ['editor'], files: { 'plugins/editor.js': EDITOR }, host: { server: { heard } }, smtp: { size: 100_000 } });
  peer = await fixture.connect('198.51.101.10');
  await peer.reply();
  await peer.say('EHLO peer.example');
});
afterAll(() => fixture.stop());

/** Sends a message and gives its reply. */
async function send(message: string | Buffer, user = 'ann'): Promise<string> {
  for (const line of [`MAIL FROM:<${user}@peer.example>`, 'RCPT TO:<bob@here.example>', 'DATA']) expect(await peer.say(line)).toMatch(/^(?:2|354)/);
  const octets = Buffer.from(message);
  const stuffed = octets.toString('latin1').replace(/^\./gm, '..');
  await peer.write(Buffer.from(`${stuffed}${stuffed === '' || stuffed.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1'));
  return peer.reply();
}

const line = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', '.', '..', '.a', 'From: ann@peer.example', 'Subject: hi', ' folded', '\tfolded', 'no field', '--b', '--b--', 'Content-Type: multipart/mixed; boundary=b', 'Received: by x', ': empty', 'A:', 'A : b') },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((octets) => Buffer.from(octets).toString('latin1').replace(/[\r\n]/g, 'x')) },
);

property('a message that no plugin changed is handed on as it came, octet for octet', fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
  const message = Buffer.from(lines.map((text) => `${text}\r\n`).join(''), 'latin1');
  expect(await send(message)).toMatch(/^250 /);
  expect(fixture.delivered.at(-1)!.toString('latin1')).toBe(message.toString('latin1'));
});

describe('plugins', () => {
  test('change header fields, and the others stay as they were', async () => {
    await send(Buffer.from('X-Gone: away\r\nSubject: gr\xfc\xdfe\r\n\tfolded\r\nX-Gone: too\r\n\r\nbody\r\n', 'latin1'), 'header');
    expect(fixture.delivered.at(-1)!.toString('latin1')).toBe('X-First: one\r\nSubject: gr\xfc\xdfe\r\n\tfolded\r\nX-Last: =?UTF-8?Q?na=C3=AFve?=\r\n\r\nbody\r\n');
  });

  test('put a banner under texts', async () => {
    await send('Content-Type: text/plain\r\n\r\nhello\r\n', 'banner');
    expect(fixture.delivered.at(-1)!.toString()).toMatch(/^Content-Type: text\/plain\r\n\r\nhello\r\n[^]*a banner\r\n$/);
  });

  test('filter parts by their type', async () => {
    await send('Content-Type: text/plain\r\n\r\nhello\r\n.dot\r\n', 'filter');
    expect(fixture.delivered.at(-1)!.toString()).toBe('Content-Type: text/plain\r\n\r\nHELLO\r\n.DOT\r\n');
  });

  test('have the data discarded, and then nobody else gets it', async () => {
    const count = fixture.delivered.length;
    heard.length = 0;
    expect(await send('Subject: hi\r\n\r\nhello\r\n', 'discard')).toMatch(/^451 4\.3\.0 /);
    expect(heard).toHaveLength(1);   // data_post ran
    expect(fixture.delivered).toHaveLength(count);
  });

  test('hear of attachments', async () => {
    heard.length = 0;
    const message = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--b--\r\n';
    await send(message, 'attachment');
    expect(heard).toContain('application/pdf a.pdf');
    expect(fixture.delivered.at(-1)!.toString()).toBe(message);
  });

  test('read the message with our own Received field on top, which is not handed on', async () => {
    heard.length = 0;
    await send('Subject: hi\r\n\r\n.dot\r\n', 'reader');
    expect(heard[0]).toMatch(/^from peer\.example \(/);
    expect(heard[1]).toMatch(/^Received: from peer\.example [^]*\r\nSubject: hi\r\n\r\n\.dot\r\n$/);
    expect(fixture.delivered.at(-1)!.toString()).toBe('Subject: hi\r\n\r\n.dot\r\n');
  });
});

describe('refused is', () => {
  test.each([
    ['a bare line feed', 'A: b\r\n\r\nx\n.\r\nMAIL FROM:<evil@peer.example>\r\n', '550 5.6.11'],
    ['a bare carriage return', 'A: b\r\n\r\nx\ry\r\n', '550 5.6.11'],
    ['a message that loops', `${'Received: by x\r\n'.repeat(100)}\r\nx\r\n`, '550 5.4.6'],
    ['a body of nothing but parts', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(1001)}--b--\r\n`, '554 5.6.0'],
  ])('%s', async (_name, message, reply) => {
    const count = fixture.delivered.length;
    expect(await send(message)).toMatch(new RegExp(`^${reply} `));
    expect(fixture.delivered).toHaveLength(count);
  });
});

test('results that a stranger signed with our name are set aside, those of others stay', async () => {
  await send('Authentication-Results: mx.example; spf=pass\r\nAuthentication-Results: other.example; spf=pass\r\nSubject: hi\r\n\r\nx\r\n');
  expect(fixture.delivered.at(-1)!.toString()).toBe(
    'Subject: hi\r\nOriginal-Authentication-Results: mx.example; spf=pass\r\nAuthentication-Results: other.example; spf=pass\r\n\r\nx\r\n',
  );
});

test('a line that a plugin puts in is part of the message', async () => {
  expect(await send('Subject: hello\r\n\r\nhello\r\n', 'line')).toBe('250 2.6.0 delivered');
  expect(fixture.delivered.pop()!.toString()).toBe('X-Line: one\r\n\t.two\r\nSubject: hello\r\n\r\nhello\r\n');
});
