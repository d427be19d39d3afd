// A message in chunks (RFC 3030) passes through the same hooks as one by DATA, and plugins cannot tell them apart.

import { afterEach, expect, test } from '@jest/globals';
import { startFixture, type Fixture } from '../test/host-fixture.js';
import type { Peer } from '../test/peer.js';

let fixture: Fixture;
afterEach(() => fixture?.stop());

const HOOKS = ['mail', 'rcpt', 'data', 'data_post', 'queue', 'queue_ok', 'reset_transaction', 'max_data_exceeded'];
/** Says at each hook which it is, and what the message is at the later ones. */
const TELLER = HOOKS.map((hook) => `exports.hook_${hook} = function (next, connection) {
  const { transaction } = connection;
  this.logerror('${hook} ' + transaction.data_bytes + ' ' + (transaction.header.get('A') || '').trim());
  next();
};`).join('\n');
const REFUSER = (hook: string, answer: string): string => `exports.hook_${hook} = (next) => next(${answer}, 'not here');`;

const told = (): string[] => fixture.logLines.filter(({ origin }) => origin === 'teller').map(({ text }) => text);

async function connect(): Promise<Peer> {
  const peer = await fixture.connect();
  await peer.run('S: 220 mx.example ESMTP');
  expect(await peer.say('EHLO peer.example')).toMatch(/ \| 250 CHUNKING$/);
  return peer;
}
const ENVELOPE = 'C: MAIL FROM:<a@peer.example>\\r\\nRCPT TO:<b@here.example>\nS: 250 …\nS: 250 …\n';

/** BDAT commands with their octets, each in a packet of its own. */
async function sendChunks(peer: Peer, ...chunks: string[]): Promise<string[]> {
  const replies: string[] = [];
  for (const [index, chunk] of chunks.entries()) {
    await peer.write(`BDAT ${chunk.length}${index === chunks.length - 1 ? ' LAST' : ''}\r\n${chunk}`);
    replies.push((await peer.reply()).slice(0, 9));
  }
  return replies;
}

test('hooks run as for DATA, whatever the number of chunks', async () => {
  fixture = await startFixture({ plugins: ['teller'], files: { 'plugins/teller.js': TELLER } });
  const peer = await connect();
  await peer.run(`${ENVELOPE}C: DATA\nS: 354 …\nC: A: b\\r\\n\\r\\nx\\r\\n.\nS: 250 2.6.0 delivered`);
  await peer.run('C: NOOP\nS: 250 …');
  const byData = told();
  expect(byData).toEqual(['mail 0 ', 'rcpt 0 ', 'data 0 ', 'data_post 11 b', 'queue 11 b', 'queue_ok 11 b', 'reset_transaction 11 b']);
  await peer.run(ENVELOPE);
  expect(await sendChunks(peer, 'A: b\r', '', '\n\r\nx', '\r\n')).toEqual(['250 2.0.0', '250 2.0.0', '250 2.0.0', '250 2.6.0']);
  await peer.run('C: NOOP\nS: 250 …');
  expect(told().slice(byData.length)).toEqual(byData);
  expect(fixture.delivered.map(String)).toEqual(['A: b\r\n\r\nx\r\n', 'A: b\r\n\r\nx\r\n']);
});

test.each([
  ['DENY of data', 'data', 'DENY', ['554 5.7.1', '503 5.5.1']],
  ['DENYSOFT of data', 'data', 'DENYSOFT', ['451 4.7.1', '503 5.5.1']],
  ['DENY of data_post', 'data_post', 'DENY', ['250 2.0.0', '550 5.7.1']],
  ['DENYSOFT of queue', 'queue', 'DENYSOFT', ['250 2.0.0', '450 4.7.1']],
])('%s refuses a chunk once it is read, and the rest with it', async (_name, hook, answer, replies) => {
  fixture = await startFixture({ plugins: ['refuser'], files: { 'plugins/refuser.js': REFUSER(hook, answer) } });
  const peer = await connect();
  await peer.run(ENVELOPE);
  expect(await sendChunks(peer, 'A: b\r\n\r\nQUIT\r\n', 'QUIT\r\n')).toEqual(replies);
  expect(await peer.say('NOOP')).toMatch(/^250 /);
  expect(fixture.delivered).toEqual([]);
});

test('DENYDISCONNECT of data is said after the chunk, and ends the connection', async () => {
  fixture = await startFixture({ plugins: ['refuser'], files: { 'plugins/refuser.js': REFUSER('data', 'DENYDISCONNECT') } });
  const peer = await connect();
  await peer.run(`${ENVELOPE}C: BDAT 4 LAST\\r\\nNOOPNOOP\nS: 554 5.7.1 not here\nS: closed`);
});

test('a client that is refused from the beginning hears it once for each chunk', async () => {
  fixture = await startFixture({ plugins: ['refuser'], files: { 'plugins/refuser.js': REFUSER('connect', 'DENY') } });
  const peer = await fixture.connect();
  expect(await peer.reply()).toBe('554 not here');
  await peer.run('C: BDAT 6\\r\\nQUIT\\r\\nNOOP\nS: 554 not here\nS: 554 not here\nC: QUIT\nS: 221 …');
});

test('max_data_exceeded decides about the chunk that is too much', async () => {
  fixture = await startFixture({ plugins: ['refuser'], files: { 'plugins/refuser.js': REFUSER('max_data_exceeded', 'DENYSOFT') }, smtp: { size: 20 } });
  const peer = await connect();
  await peer.run(ENVELOPE);
  expect(await sendChunks(peer, 'A: b\r\n\r\n', 'x'.repeat(20), 'QUIT\r\n')).toEqual(['250 2.0.0', '450 4.7.1', '503 5.5.1']);
});

test.each([
  ['RSET', 'C: RSET\nS: 250 …'],
  ['EHLO', 'C: EHLO peer.example\nS: 250-…'],
])('%s between chunks ends the transaction, frees its memory, and is no failure', async (_name, transcript) => {
  let takenBytes = 0;
  const budget = { tryTake: (sizeBytes: number) => { takenBytes += sizeBytes; return true; }, giveBack: (sizeBytes: number) => { takenBytes -= sizeBytes; } };
  fixture = await startFixture({ plugins: ['teller'], files: { 'plugins/teller.js': TELLER }, host: { budget } });
  const peer = await connect();
  await peer.run(ENVELOPE);
  await peer.write('BDAT 4\r\nA: b');
  await peer.run(`S: 250 2.0.0 …\n${transcript}\n${ENVELOPE}`);
  expect(await sendChunks(peer, 'C: d\r\n\r\n', 'y')).toEqual(['250 2.0.0', '250 2.6.0']);
  expect(await peer.say('NOOP')).toMatch(/^250 /);
  expect(told().filter((line) => /^(?:reset|data_post)/.test(line))).toHaveLength(3);
  expect([takenBytes, fixture.failures, fixture.delivered.map(String)]).toEqual([0, [], ['C: d\r\n\r\ny']]);
});
