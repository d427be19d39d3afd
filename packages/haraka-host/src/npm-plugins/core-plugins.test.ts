// Plugins that come with Haraka itself, as plain files: each is seen to decide an SMTP dialogue.

import { afterEach, expect, test } from '@jest/globals';
import { HARAKA_DIRECTORY } from '../test/haraka-program.js';
import { startFixture, type Fixture, type FixtureInput } from '../test/host-fixture.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

let fixture: Fixture;
afterEach(() => fixture.stop());

const start = async (plugins: string[], files: Record<string, string>, smtp: FixtureInput['smtp'] = null): Promise<void> => {
  fixture = await startFixture({ plugins, files, smtp, host: { furtherDirectories: [HARAKA_DIRECTORY, `${HARAKA_DIRECTORY}/..`] } });
};

test('delay_deny keeps a refusal until the recipient', async () => {
  const refuser = "exports.hook_connect = (next) => next(DENY, 'not you');";
  await start(['refuser', 'delay_deny'], { 'plugins/refuser.js': refuser }, {});
  await (await fixture.connect('198.51.101.10')).run(`
    S: 220 mx.example ESMTP
    C: EHLO peer.example
    S: 250-mx…
    C: MAIL FROM:<ann@peer.example>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<bob@here.example>
    S: 550 5.7.1 not you`);
});

test('rcpt_to.in_host_list, which inherits from rcpt_to.host_list_base, knows the domains', async () => {
  await start(['rcpt_to.in_host_list', 'taker'], { 'config/host_list': 'here.example\n', 'plugins/taker.js': 'exports.hook_queue = (next) => next(OK, "taken");' });
  await (await fixture.connect('198.51.101.10')).run(`
    S: 220 mx.example ESMTP
    C: EHLO peer.example
    S: 250-mx…
    C: MAIL FROM:<ann@peer.example>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<bob@elsewhere.example>
    S: 550 5.1.1 I cannot deliver mail for <bob@elsewhere.example>
    C: RCPT TO:<bob@here.example>
    S: 250 2.1.5 Accepted
    C: DATA
    S: 354 …
    C: Subject: hi\\r\\n\\r\\nhi\\r\\n.
    S: 250 2.6.0 taken`);
});

test('auth/flat_file, which inherits from auth/auth_base, logs in and lets relay', async () => {
  await start(['auth/flat_file'], { 'config/auth_flat_file.ini': '[core]\nmethods=PLAIN,LOGIN\nconstrain_sender=false\n[users]\nann=secret\n' });
  const peer = await fixture.connect('10.0.0.5');
  await peer.reply();
  expect(await peer.say('EHLO peer.example')).toMatch(/ \| 250 AUTH PLAIN LOGIN$/);
  await peer.run(`
    C: AUTH LOGIN
    S: 334 ${base64('Username:')}
    C: ${base64('ann')}
    S: 334 ${base64('Password:')}
    C: ${base64('wrong')}
    S: 535 5.7.8 Authentication failed
    C: AUTH PLAIN ${base64('\0ann\0secret')}
    S: 235 2.7.0 Authentication successful
    C: MAIL FROM:<ann@here.example>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<bob@elsewhere.example>
    S: 250 2.1.5 Accepted`);
});

test('xclient makes the connection that of another peer, and the greeting is said again', async () => {
  const teller = 'exports.hook_noop = (next, connection) => next(DENY, `${connection.remote.ip} ${connection.remote.host}`);';
  await start(['xclient', 'teller'], { 'plugins/teller.js': teller, 'config/xclient.hosts': '10.0.0.5\n' });
  await (await fixture.connect('10.0.0.5')).run(`
    S: 220 mx.example ESMTP
    C: XCLIENT ADDR=198.51.101.66 NAME=other.example
    S: 220 mx.example ESMTP
    C: NOOP
    S: 500 5.7.1 198.51.101.66 other.example`);
  await (await fixture.connect('198.51.101.10')).run(`
    S: 220 mx.example ESMTP
    C: XCLIENT ADDR=198.51.101.66
    S: 550 5.5.0 Not authorized`);
});
