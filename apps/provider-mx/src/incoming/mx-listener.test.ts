import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SmtpClient } from '../test/smtp-client.js';
import { TestMailbox } from '../test/test-mailbox.js';
import { testProvider } from '../test/test-provider.js';

const MESSAGE = 'From: stella@outside.example\r\nSubject: canary-subject\r\n\r\ncanary-body\r\n';
const mx = testProvider();
let client: SmtpClient;

beforeEach(async () => {
  client = await SmtpClient.connect(mx.providerMx.ports.mx);
});
afterEach(() => {
  client.close();
  mx.services.forget();
});

test('EHLO offers what is promised, and no authentication', async () => {
  const extensions = (await client.command('EHLO again.example')).split('\n').map((line) => line.slice(4));
  expect(extensions).toEqual(expect.arrayContaining(['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'SIZE 200000', 'CHUNKING']));
  expect(extensions.join()).not.toMatch(/AUTH|STARTTLS/);
});

describe('RCPT', () => {
  const full = 'full@example.org';
  const disabled = 'disabled@example.org';
  const keyless = 'keyless@example.org';
  beforeEach(async () => {
    mx.services.addAccount(keyless, null);
    mx.services.addAccount(full, mx.alice.certificate);
    mx.services.accounts.get(full)!.isOverQuota = true;
    mx.services.addAccount(disabled, mx.alice.certificate);
    mx.services.accounts.get(disabled)!.isDisabled = true;
    await client.command('MAIL FROM:<stella@outside.example>');
  });

  test.each([
    ['a mailbox', 'alice@example.org', '250 2.1.5'],
    ['a mailbox in other case', 'Alice@EXAMPLE.org', '250 2.1.5'],
    ['nobody', 'nobody@example.org', '550 5.1.1'],
    ['postmaster, who has no mailbox here', 'postmaster', '550 5.1.1'],
    ['another domain', 'a@outside.example', '550 5.7.1'],
    ['a full mailbox', full, '452 4.2.2'],
    ['a mailbox that the operator has disabled', disabled, '450 4.2.1'],
    ['a mailbox without a certificate', keyless, '450 4.7.5'],
  ])('%s', async (_name, address, reply) => {
    expect(await client.command(`RCPT TO:<${address}>`)).toMatch(new RegExp(`^${reply} `));
  });

  test.each(['internal', 'unavailable', 'unauthorized', 'badRequest'] as const)('a services API that answers "%s" is an outage, never a no', async (code) => {
    mx.services.sabotage = () => code;
    expect(await client.command('RCPT TO:<nobody@example.org>')).toMatch(/^451 4\.3\.0 /);
  });

  test('a 404 that is not of the services API is an outage', async () => {
    mx.services.sabotage = () => 'foreign404';
    expect(await client.command('RCPT TO:<nobody@example.org>')).toMatch(/^451 4\.3\.0 /);
  });
});

describe('delivery', () => {
  test('the recipient alone reads it, with its trace on top', async () => {
    expect(await client.send('stella@outside.example', ['alice@example.org'], MESSAGE)).toMatch(/^250 2\.6\.0 /);
    const [item] = mx.services.itemsOf('alice@example.org');
    expect(item!.toString('latin1')).not.toContain('canary');
    const lines = (await mx.alice.open(item!)).split('\r\n');
    expect(lines[0]).toBe('Return-Path: <stella@outside.example>');
    expect(lines.slice(1, 4).join(' ')).toMatch(/^Received: from client\.example \(\[127\.0\.0\.1\]\)\s+by mx\.example\.org with ESMTP id\s+\S+\s+for\s+<alice@example\.org>;\s+Thu, 1 Jan 2026 00:\d\d:00 \+0000/);
    expect(lines.join('\r\n').endsWith(MESSAGE)).toBe(true);
    await expect(mx.bob.open(item!)).rejects.toThrow();
  });

  test('each of several recipients gets a copy that names nobody else', async () => {
    await client.send('stella@outside.example', ['alice@example.org', 'bob@example.org'], MESSAGE);
    const [forBob] = mx.services.itemsOf('bob@example.org');
    const text = await mx.bob.open(forBob!);
    expect(text).toContain('<bob@example.org>');
    expect(text).not.toContain('alice');
  });

  test('a notice with the null reverse path is mail like any other', async () => {
    await client.send('', ['alice@example.org'], MESSAGE);
    expect(await mx.alice.open(mx.services.itemsOf('alice@example.org')[0]!)).toMatch(/^Return-Path: <>\r\n/);
  });

  test('a message repeated after a lost answer is there once', async () => {
    await client.send('stella@outside.example', ['alice@example.org'], MESSAGE);
    mx.clock.advance(60_000);
    await client.send('stella@outside.example', ['ALICE@example.org'], MESSAGE);
    expect(mx.services.puts).toHaveLength(2);
    expect(mx.services.items.size).toBe(1);
  });

  test.each([
    ['another body', 'stella@outside.example', `${MESSAGE}more\r\n`],
    ['another sender', 'other@outside.example', MESSAGE],
  ])('%s is another item', async (_name, reversePath, message) => {
    await client.send('stella@outside.example', ['alice@example.org'], MESSAGE);
    await client.send(reversePath, ['alice@example.org'], message);
    expect(mx.services.items.size).toBe(2);
  });

  test('when one copy is not durable the sender repeats, and nothing is doubled or lost', async () => {
    const bobId = mx.services.accounts.get('bob@example.org')!.accountId;
    mx.services.sabotage = (method, path) => (method === 'PUT' && path.includes(bobId) ? 'unavailable' : null);
    const both = ['alice@example.org', 'bob@example.org'];
    expect(await client.send('stella@outside.example', both, MESSAGE)).toMatch(/^451 4\.3\.0 /);
    mx.services.sabotage = () => null;
    expect(await client.send('stella@outside.example', both, MESSAGE)).toMatch(/^250 /);
    expect(both.map((address) => mx.services.itemsOf(address).length)).toEqual([1, 1]);
  });

  test.each([
    ['quotaExceeded', '452 4.2.2'], ['notFound', '550 5.1.1'], ['internal', '451 4.3.0'],
  ] as const)('a box that answers "%s" is answered %s', async (code, reply) => {
    mx.services.sabotage = (method) => (method === 'PUT' ? code : null);
    expect(await client.send('stella@outside.example', ['alice@example.org'], MESSAGE)).toMatch(new RegExp(`^${reply} `));
  });

  test('a certificate that cannot be used never leads to plaintext', async () => {
    const expired = await TestMailbox.create('late@example.org', { expiresAfterSeconds: 3600 });
    mx.services.addAccount('late@example.org', expired.certificate);
    mx.services.addAccount('broken@example.org', mx.alice.certificate.slice(0, 100));
    for (const address of ['late@example.org', 'broken@example.org']) {
      expect(await client.send('stella@outside.example', [address], MESSAGE)).toMatch(/^450 4\.7\.5 /);
    }
    expect(mx.services.puts).toEqual([]);
  });
});

describe('refusals after DATA', () => {
  test.each([
    ['a message over the limit', `A: b\r\n\r\n${'x'.repeat(1000)}\r\n`.padEnd(210_000, 'y'), '552 5.3.4'],
    ['a message that loops', `${'Received: by x\r\n'.repeat(51)}\r\nx\r\n`, '554 5.4.6'],
    ['a bare line feed', 'A: b\r\n\r\nx\n.\r\nMAIL FROM:<evil@outside.example>\r\n', '550 5.6.11'],
    ['a bare carriage return', 'A: b\r\n\r\nx\r.\ry\r\n', '550 5.6.11'],
  ])('%s', async (_name, message, reply) => {
    expect(await client.send('stella@outside.example', ['alice@example.org'], message)).toMatch(new RegExp(`^${reply} `));
    expect(mx.services.puts).toEqual([]);
  });

  test('a size announced over the limit is refused at once', async () => {
    expect(await client.command('MAIL FROM:<stella@outside.example> SIZE=200001')).toMatch(/^552 5\.3\.4 /);
  });

  test('fifty Received fields are still mail', async () => {
    expect(await client.send('stella@outside.example', ['alice@example.org'], `${'Received: by x\r\n'.repeat(50)}\r\nx\r\n`)).toMatch(/^250 /);
  });
});

test('replies to commands that came together leave together', async () => {
  await client.send('stella@outside.example', ['alice@example.org'], MESSAGE);   // the recipient is known now
  const packet = once(client.socket, 'data');
  client.socket.write('MAIL FROM:<stella@outside.example>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\n');
  const [octets] = await packet as [Buffer];
  expect(octets.toString()).toMatch(/^250 .*\r\n250 .*\r\n354 .*\r\n$/);
});

test('a connection that breaks in the middle of a message delivers nothing and frees its memory', async () => {
  for (const line of ['MAIL FROM:<stella@outside.example>', 'RCPT TO:<alice@example.org>', 'DATA']) await client.command(line);
  await new Promise<void>((resolve) => client.socket.write('A: b\r\n\r\nhalf', () => resolve()));
  client.close();
  const again = await SmtpClient.connect(mx.providerMx.ports.mx);
  expect(await again.send('stella@outside.example', ['alice@example.org'], MESSAGE)).toMatch(/^250 /);
  again.close();
  expect(mx.services.items.size).toBe(1);
  expect(mx.logText()).toContain('"abandoned"');
  expect(mx.logText()).not.toContain('"bug"');
});

test('no log line holds an address, a domain of others, or the peer', async () => {
  await client.send('stella@outside.example', ['alice@example.org'], MESSAGE);
  await client.send('stella@outside.example', ['nobody@example.org'], MESSAGE);
  expect(mx.logText()).toContain('"received"');
  expect(mx.logText()).not.toMatch(/stella|alice|outside\.example|127\.0\.0\.1|canary/);
});
