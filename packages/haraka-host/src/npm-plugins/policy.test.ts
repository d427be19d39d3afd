// Unmodified plugins from npm that go by lists and limits of the operator's: each is seen to decide an SMTP dialogue.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { startFixture, type Fixture, type FixtureInput } from '../test/host-fixture.js';

const PEER = '198.51.101.10';
let fixture: Fixture;

afterEach(() => fixture.stop());

const start = async (plugin: string, files: Record<string, string>, more: Partial<FixtureInput> = {}): Promise<void> => {
  fixture = await startFixture({ plugins: [plugin], files, ...more });
};

test('haraka-plugin-access refuses listed senders and recipients', async () => {
  await start('access', {
    'config/access.ini': '[check]\nmail=true\nrcpt=true\n',
    'config/mail_from.access.blacklist': 'ann@bad.com\n',
    'config/rcpt_to.access.blacklist': 'noreply@here.example\n',
  });
  const peer = await fixture.connect(PEER);
  await peer.run(`
    S: 220 mx.example ESMTP
    C: EHLO mail.good.com
    S: 250-mx.example…
    C: MAIL FROM:<ann@bad.com>
    S: 550 5.7.1 …
    C: MAIL FROM:<ann@good.com>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<noreply@here.example>
    S: 550 5.7.1 …
    C: RCPT TO:<bob@here.example>
    S: 250 2.1.5 Accepted`);
});

test('haraka-plugin-relay lets listed peers send anywhere, and nobody else, when the program has no word of its own', async () => {
  await start('relay', { 'config/relay.ini': '[relay]\nacl=true\n', 'config/relay_acl_allow': `${PEER}/32\n` }, { smtp: null });
  const envelope = `
    S: 220 mx.example ESMTP
    C: EHLO mail.good.com
    S: 250-mx.example…
    C: MAIL FROM:<ann@good.com>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<carol@elsewhere.example>`;
  await (await fixture.connect(PEER)).run(`${envelope}
    S: 250 2.1.5 Accepted`);
  await (await fixture.connect('198.51.101.66')).run(`${envelope}
    S: 550 5.1.1 I cannot deliver mail for <carol@elsewhere.example>`);
});

test('a peer that relays still needs the word of a program that has one', async () => {
  await start('relay', { 'config/relay.ini': '[relay]\nacl=true\n', 'config/relay_acl_allow': `${PEER}/32\n` });
  await (await fixture.connect(PEER)).run(`
    S: 220 mx.example ESMTP
    C: EHLO mail.good.com
    S: 250-mx.example…
    C: MAIL FROM:<ann@good.com>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<carol@elsewhere.example>
    S: 550 5.7.1 no relaying here`);
});

test('haraka-plugin-early_talker sends away at DATA who did not wait for the greeting', async () => {
  await start('early_talker', { 'config/early_talker.ini': 'pause=0.2\nreject=true\n' });
  const hasty = await fixture.connect(PEER);
  const transaction = `
    S: 220 mx.example ESMTP
    S: 250-mx.example…
    C: MAIL FROM:<ann@good.com>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<bob@here.example>
    S: 250 2.1.5 Accepted
    C: DATA`;
  await hasty.run(`C: EHLO mail.good.com${transaction}
    S: 554 5.7.1 You talk too soon
    S: closed`);
  const patient = await fixture.connect(PEER);
  await patient.run(`S: 220 mx.example ESMTP
    C: EHLO mail.good.com${transaction.replace('S: 220 mx.example ESMTP', '')}
    S: 354 …`);
});

test('haraka-plugin-limit ends a connection after too many unknown commands, without redis', async () => {
  await start('limit', { 'config/limit.ini': 'tarpit_delay=0\n[unrecognized_commands]\nenabled=true\nmax=4\n[recipients]\nenabled=true\nmax=1\n' });
  const peer = await fixture.connect(PEER);
  await peer.run(`
    S: 220 mx.example ESMTP
    C: EHLO mail.good.com
    S: 250-mx.example…
    C: MAIL FROM:<ann@good.com>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<bob@here.example>
    S: 250 2.1.5 Accepted
    C: RCPT TO:<carol@here.example>
    S: 450 4.7.1 Too many recipient attempts
    C: ONE
    S: 500 5.5.2 Error: command not recognized
    C: TWO
    S: 500 5.5.2 Error: command not recognized
    C: THREE
    S: 421 4.7.1 Too many unrecognized commands
    S: closed`);
});

test('a plugin hears of an edited settings file while it runs', async () => {
  await start('access', {
    'config/access.ini': '[check]\nmail=true\n',
    'config/mail_from.access.blacklist': 'other@bad.com\n',
  });
  const said = jest.spyOn(console, 'log').mockReturnValue();   // by haraka-config, about the file
  const peer = await fixture.connect(PEER);
  await peer.reply();
  await peer.say('EHLO mail.good.com');
  expect(await peer.say('MAIL FROM:<late@good.com>')).toMatch(/^250/);
  writeFileSync(join(fixture.directory, 'config/mail_from.access.blacklist'), 'late@good.com\n');
  for (let reply = ''; !reply.startsWith('550');) {   // ends by the test's own timeout when it is never heard of
    await peer.say('RSET');
    reply = await peer.say('MAIL FROM:<late@good.com>');
  }
  expect(said).toHaveBeenCalledWith(expect.stringContaining('Reloaded file'));
  said.mockRestore();
  expect(fixture.failures).toEqual([]);
});
