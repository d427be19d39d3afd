// What stands on private members of smtp-server, and what only a real socket shows.

import { afterEach, expect, test } from '@jest/globals';
import { ChunkingConnection } from '@paloma/smtp-listener';
import { startFixture, type Fixture } from '../test/host-fixture.js';
import { HookedConnection } from './hooked-connection.js';

let fixture: Fixture;
afterEach(() => fixture?.stop());

test('every member that is overridden is one of those below', () => {
  const overridden = Object.getOwnPropertyNames(HookedConnection.prototype).filter((name) => name !== 'constructor');
  expect(overridden.filter((name) => !(name in ChunkingConnection.prototype))).toEqual([]);
});

const PACE_TELLER = 'exports.hook_noop = (next, connection) => next(DENY, `early ${connection.early_talker} pipelining ${connection.pipelining}`);';

test.each([
  ['one by one', ['EHLO peer.example', 'NOOP'], 'early false pipelining false'],
  ['in a group that RFC 2920 allows', ['EHLO peer.example', 'MAIL FROM:<a@peer.example>\r\nRCPT TO:<b@here.example>\r\nNOOP'], 'early false pipelining true'],
  ['in a group with one inside that must be its last', ['EHLO peer.example', 'MAIL FROM:<a@peer.example>\r\nNOOP\r\nRCPT TO:<b@here.example>'], 'early true pipelining false'],
  ['in a group after HELO, which offers no pipelining', ['HELO peer.example', 'MAIL FROM:<a@peer.example>\r\nRCPT TO:<b@here.example>\r\nNOOP'], 'early true pipelining false'],
  ['with a chunk after them that may hold anything', ['EHLO peer.example', 'MAIL FROM:<a@peer.example>\r\nRCPT TO:<b@here.example>\r\nBDAT 10\r\nNOOP\r\nNOOPNOOP'], 'early false pipelining true'],
  ['after EHLO without its answer', ['EHLO peer.example\r\nNOOP'], 'early true pipelining false'],
])('commands %s', async (_name, lines, pace) => {
  fixture = await startFixture({ plugins: ['pace'], files: { 'plugins/pace.js': PACE_TELLER } });
  const peer = await fixture.connect();
  await peer.reply();
  for (const line of lines) await peer.write(`${line}\r\n`).then(() => peer.reply());
  for (let reply = ''; !reply.startsWith('500');) {
    reply = await (reply === '' && lines.at(-1) === 'NOOP' ? peer.say('NOOP') : peer.reply());
    if (reply.startsWith('500')) expect(reply).toBe(`500 5.7.1 ${pace}`);
  }
});

test('a message in the same octets as what follows is neither early nor lost', async () => {
  fixture = await startFixture({ plugins: ['pace'], files: { 'plugins/pace.js': PACE_TELLER } });
  const peer = await fixture.connect();
  await peer.run(`
    S: 220 mx.example ESMTP
    C: EHLO peer.example
    S: 250-mx…
    C: MAIL FROM:<a@peer.example>\\r\\nRCPT TO:<b@here.example>\\r\\nDATA
    S: 250 …
    S: 250 …
    S: 354 …
    C: A: b\\r\\n\\r\\nx\\r\\n.\\r\\nNOOP
    S: 250 2.6.0 delivered
    S: 500 5.7.1 early false pipelining true`);
});

test('a plugin answers a command of its own, and the dialogue goes on', async () => {
  const greeter = `exports.hook_capabilities = (next, connection) => { connection.capabilities.push('XGREET'); next(); };
exports.hook_unrecognized_command = (next, connection, [command, rest]) => command === 'XGREET' ? connection.respond(250, 'hello ' + rest, () => next(OK)) : next();`;
  fixture = await startFixture({ plugins: ['greeter'], files: { 'plugins/greeter.js': greeter } });
  const peer = await fixture.connect();
  await peer.reply();
  expect(await peer.say('EHLO peer.example')).toMatch(/ \| 250 XGREET$/);
  await peer.run(`
    C: XGREET old friend
    S: 250 hello old friend
    C: XOTHER
    S: 500 5.5.2 Error: command not recognized`);
});
