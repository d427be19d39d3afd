// Haraka plugins in front of the whole program: from npm and of the operator's own.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const MESSAGE = 'From: stella@outside.example\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nSubject: gr\xfc\xdfe\r\n\r\nbody\r\n';
// Never writes the same twice; trips over one sender; lets everybody relay.
const OWN_PLUGIN = `
let count = 0;
exports.hook_data_post = (next, connection) => {
  connection.transaction.add_header('X-Count', String(++count));
  next();
};
exports.hook_mail = (next, connection, [reversePath]) => {
  connection.relaying = true;
  if (reversePath.user === 'tripwire') throw new Error('about ' + reversePath.address);
  next();
};
exports.hook_rcpt = (next) => next(OK);
`;

const directory = temporaryDirectory();
mkdirSync(join(directory, 'config'), { recursive: true });
mkdirSync(join(directory, 'plugins'));
writeFileSync(join(directory, 'config/headers.ini'), '[reject]\nmissing_required=true\n');
writeFileSync(join(directory, 'plugins/own.js'), OWN_PLUGIN);

const mx = testProvider({ plugins: { directory, list: ['haraka-plugin-headers', 'own'] } });
let client: SmtpClient;
beforeEach(async () => {
  client = await SmtpClient.connect(mx.providerMx.ports.mx);
});
afterEach(() => {
  client.close();
  mx.services.forget();
});

test('a plugin from npm refuses, and what it lets pass is delivered like all mail', async () => {
  expect(await client.send('stella@outside.example', ['alice@example.org'], 'From: stella@outside.example\r\n\r\nx\r\n')).toBe("550 5.7.1 Required header 'Date' missing");
  expect(await client.send('stella@outside.example', ['alice@example.org'], MESSAGE)).toMatch(/^250 2\.6\.0 /);
  const text = await mx.alice.open(mx.services.itemsOf('alice@example.org')[0]!);
  expect(text).toMatch(/^Return-Path: <stella@outside\.example>\r\nReceived: from client\.example /);
  expect(text.match(/^Received:/gm)).toHaveLength(1);
  expect(text).toMatch(/\r\nX-Count: \d+\r\n\r\nbody\r\n$/);
});

test('a message repeated after a lost answer is there once, whatever plugins write into it', async () => {
  for (let time = 0; time < 2; time += 1) expect(await client.send('stella@outside.example', ['alice@example.org'], MESSAGE)).toMatch(/^250 /);
  expect([mx.services.puts.length, mx.services.items.size]).toEqual([2, 1]);
});

test('whatever plugins say, we never relay, and only a mailbox is a mailbox', async () => {
  await client.command('MAIL FROM:<stella@outside.example>');
  expect(await client.command('RCPT TO:<carol@elsewhere.example>')).toMatch(/^550 5\.7\.1 no relaying/);
  expect(await client.command('RCPT TO:<nobody@example.org>')).toMatch(/^550 5\.1\.1 /);
});

test('a plugin that trips is reported without what it tripped over, and mail goes on', async () => {
  expect(await client.send('tripwire@outside.example', ['alice@example.org'], MESSAGE)).toMatch(/^250 /);
  expect(mx.logText()).toContain('"plugin":"own"');
  expect(mx.logText()).not.toMatch(/tripwire|outside\.example/);
});
