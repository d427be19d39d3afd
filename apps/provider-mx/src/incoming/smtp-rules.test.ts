// The rules of SMTP for mail from outside, each as a dialogue over a real socket.

import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';
import { writeTlsFiles } from '../test/tls-files.js';

const directory = temporaryDirectory();
const files = { tlsCertFile: `${directory}/cert.pem`, tlsKeyFile: `${directory}/key.pem` };
beforeAll(() => writeTlsFiles(directory));
const mx = testProvider({ mx: { bind: '127.0.0.1', port: 0, ...files } });
let client: SmtpClient;

beforeEach(async () => {
  client = await SmtpClient.connect(mx.providerMx.ports.mx);
});
afterEach(() => {
  client.close();
  mx.services.forget();
});

async function replies(count: number): Promise<string[]> {
  const all: string[] = [];
  for (let reply = 0; reply < count; reply += 1) all.push((await client.readReply()).split('\n').at(-1)!.slice(0, 9));
  return all;
}

async function delivered(): Promise<string> {
  return mx.alice.open(mx.services.itemsOf('alice@example.org')[0]!);
}

test('EHLO offers this and nothing else: no BINARYMIME, no REQUIRETLS, no AUTH', async () => {
  const lines = (await client.command('EHLO again.example')).split('\n').slice(1);
  expect(lines.map((line) => line.slice(4))).toEqual(['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'STARTTLS', 'SIZE 200000', 'CHUNKING']);
});

test('PIPELINING (RFC 2920): replies come in order, a refused recipient does not end the transaction', async () => {
  client.socket.write('MAIL FROM:<a@outside.example>\r\nRCPT TO:<nobody@example.org>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\n');
  expect(await replies(4)).toEqual(['250 2.1.0', '550 5.1.1', '250 2.1.5', '354 End d']);
  client.socket.write('A: b\r\n\r\nx\r\n.\r\nMAIL FROM:<a@outside.example>\r\nQUIT\r\n');
  expect(await replies(3)).toEqual(['250 2.6.0', '250 2.1.0', '221 2.0.0']);
});

test('8BITMIME and SMTPUTF8 (RFC 6152, RFC 6531): octets arrive as they were sent', async () => {
  const text = 'Subject: Grüße\r\n\r\nGrüße\r\n..\r\n';
  expect(await client.command('MAIL FROM:<jürgen@outside.example> BODY=8BITMIME SMTPUTF8')).toMatch(/^250 /);
  await client.command('RCPT TO:<alice@example.org>');
  await client.command('DATA');
  client.socket.write(text.replace('..', '...'));
  expect(await client.command('.')).toMatch(/^250 2\.6\.0 /);
  expect((await delivered()).endsWith(text)).toBe(true);
});

describe('parameters of MAIL', () => {
  test.each([
    ['SIZE=200000', '250 2.1.0'], ['SIZE=200001', '552 5.3.4'], ['SIZE=x', '501 5.5.4'],
    ['BODY=7BIT', '250 2.1.0'], ['BODY=BINARYMIME', '501 5.5.4'], ['REQUIRETLS', '5'], ['AUTH=<>', '250 2.1.0'], ['NOSUCH=1', '555 5.5.4'], ['RELAYPAST', '555 5.5.4'],
  ])('%s: %s', async (parameter, reply) => {
    const said = await client.command(`MAIL FROM:<a@outside.example> ${parameter}`);
    expect(said.slice(0, reply.length)).toBe(reply);
  });
});

test('parameters of RCPT are those of RFC 3461', async () => {
  await client.command('MAIL FROM:<a@outside.example>');
  expect(await client.command('RCPT TO:<alice@example.org> RRVS=2014-04-03T23:01:00Z')).toMatch(/^555 5\.5\.4 /);
  expect(await client.command('RCPT TO:<alice@example.org> NOTIFY=NEVER')).toMatch(/^250 2\.1\.5 /);
});

describe('CHUNKING (RFC 3030)', () => {
  const ENVELOPE = 'MAIL FROM:<a@outside.example>\r\nRCPT TO:<alice@example.org>\r\n';

  test('a message in chunks, pipelined with its envelope, arrives octet for octet', async () => {
    client.socket.write(`${ENVELOPE}BDAT 9\r\nA: b\r\n\r\n.BDAT 6 LAST\r\n\r\n..\r\nNOOP\r\n`);
    expect(await replies(5)).toEqual(['250 2.1.0', '250 2.1.5', '250 2.0.0', '250 2.6.0', '250 2.0.0']);
    expect((await delivered()).endsWith('A: b\r\n\r\n.\r\n..\r\n')).toBe(true);
  });

  test('a message repeated by DATA is the same message', async () => {
    client.socket.write(`${ENVELOPE}BDAT 11 LAST\r\nA: b\r\n\r\nx\r\n`);
    expect(await replies(3)).toEqual(['250 2.1.0', '250 2.1.5', '250 2.6.0']);
    expect(await client.send('a@outside.example', ['alice@example.org'], 'A: b\r\n\r\nx\r\n')).toMatch(/^250 /);
    expect([mx.services.puts.length, mx.services.items.size]).toEqual([2, 1]);
  });

  test.each(['x\n.\r\n', 'x\r', 'x\r.\r\n'])('%j has a bare line end here too', async (ending) => {
    client.socket.write(`${ENVELOPE}BDAT 8\r\nA: b\r\n\r\nBDAT ${ending.length} LAST\r\n${ending}`);
    expect(await replies(4)).toEqual(['250 2.1.0', '250 2.1.5', '250 2.0.0', '550 5.6.1']);
    expect(mx.services.puts).toEqual([]);
  });

  test('the limit is one for all chunks together; what follows is read and refused', async () => {
    const chunk = Buffer.from(`BDAT 150000\r\n${'x'.repeat(150_000)}`);
    client.socket.write(Buffer.concat([Buffer.from(ENVELOPE), chunk, chunk, chunk, Buffer.from('BDAT 0 LAST\r\nNOOP\r\n')]));
    expect(await replies(7)).toEqual(['250 2.1.0', '250 2.1.5', '250 2.0.0', '552 5.3.4', '503 5.5.1', '503 5.5.1', '250 2.0.0']);
    expect(mx.services.puts).toEqual([]);
  });

  test('RSET between chunks leaves no message, takes no memory, and is no bug of ours', async () => {
    client.socket.write(`${ENVELOPE}BDAT 150000\r\n${'x'.repeat(150_000)}RSET\r\n${ENVELOPE}BDAT 8 LAST\r\nA: b\r\n\r\n`);
    expect(await replies(7)).toEqual(['250 2.1.0', '250 2.1.5', '250 2.0.0', '250 2.0.0', '250 2.1.0', '250 2.1.5', '250 2.6.0']);
    expect((await delivered()).endsWith('\r\nA: b\r\n\r\n')).toBe(true);
    expect(mx.logText()).not.toContain('"bug"');
  });
});

test('commands out of order are refused, RSET and a new EHLO forget the transaction', async () => {
  expect(await client.command('RCPT TO:<alice@example.org>')).toMatch(/^503 5\.5\.1 /);
  expect(await client.command('DATA')).toMatch(/^503 5\.5\.1 /);
  for (const command of ['RSET', 'EHLO again.example']) {
    await client.command('MAIL FROM:<a@outside.example>');
    expect(await client.command(command)).toMatch(/^250/);
    expect(await client.command('RCPT TO:<alice@example.org>')).toMatch(/^503 /);
  }
});

describe('STARTTLS (RFC 3207)', () => {
  test('forgets what was said before, and is not offered again; commands that were sent along in the clear are not obeyed', async () => {
    client.socket.write('STARTTLS\r\nMAIL FROM:<injected@outside.example>\r\n');
    expect(await client.readReply()).toMatch(/^220 /);
    const secured = connectTls({ socket: client.socket, ca: readFileSync(files.tlsCertFile), servername: 'localhost', checkServerIdentity: () => undefined });
    await once(secured, 'secureConnect');
    const over = SmtpClient.over(secured);
    expect(await over.command('MAIL FROM:<a@outside.example>')).toMatch(/^503 /);
    expect(await over.command('EHLO again.example')).not.toMatch(/STARTTLS|REQUIRETLS/);
    expect(await over.command('MAIL FROM:<a@outside.example> REQUIRETLS')).toMatch(/^555 5\.5\.4 /);
    expect(await over.send('a@outside.example', ['alice@example.org'], 'A: b\r\n\r\nx\r\n')).toMatch(/^250 2\.6\.0 /);
    expect(await delivered()).toContain('Return-Path: <a@outside.example>');
  });
});

describe('SMTP smuggling: only CR LF . CR LF ends a message', () => {
  const COMMANDS = 'MAIL FROM:<evil@outside.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: smuggled\r\n\r\nx';
  test.each(['\n.\r\n', '\n.\n', '\r.\r\n', '\r.\r', '\r\n.\n', '\r\n.\r', '\r.\n', '\n.\r', '\r\n.\r\r\n'])('%j refuses the whole', async (ending) => {
    expect(await client.send('a@outside.example', ['alice@example.org'], `A: b\r\n\r\nx${ending}${COMMANDS}\r\n`)).toMatch(/^550 5\.6\.11 /);
    expect(await client.command('NOOP')).toMatch(/^250 /);   // nothing else was answered
    expect(mx.services.puts).toEqual([]);
  });

  test.each(['\r\n\0.\r\n', '\r\n.\0\r\n', '\r\n. \r\n', '\r\n\u0085.\r\n', '\r\n.\u2028\r\n'])('%j is content', async (ending) => {
    expect(await client.send('a@outside.example', ['alice@example.org'], `A: b\r\n\r\nx${ending}${COMMANDS}\r\n`)).toMatch(/^250 2\.6\.0 /);
    expect(await client.command('NOOP')).toMatch(/^250 /);
    expect(mx.services.puts).toHaveLength(1);
    expect(await delivered()).toContain('Subject: smuggled');
  });

  test('a stuffed dot stays content however the octets are cut', async () => {
    for (const line of ['MAIL FROM:<a@outside.example>', 'RCPT TO:<alice@example.org>', 'DATA']) await client.command(line);
    for (const octet of 'A: b\r\n\r\n..\r\n..x\r\n.\r\n') await new Promise<void>((resolve) => client.socket.write(octet, () => resolve()));
    expect(await client.readReply()).toMatch(/^250 2\.6\.0 /);
    expect((await delivered()).endsWith('A: b\r\n\r\n.\r\n.x\r\n')).toBe(true);
  });
});
