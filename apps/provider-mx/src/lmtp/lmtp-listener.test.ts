import { existsSync, linkSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { listen } from '../smtp/listen.js';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const MESSAGE = 'From: stella@outside.example\r\nSubject: canary-subject\r\n\r\ncanary-body\r\n';
const socket = join(temporaryDirectory(), 'lmtp');
const mx = testProvider({ lmtp: { bind: '127.0.0.1', socket }, authentication: { policy: 'apply', trustedPeers: [] } });
let client: SmtpClient;

beforeEach(async () => {
  client = await SmtpClient.connect(socket, 'LHLO');
});
afterEach(() => {
  client.close();
  mx.services.forget();
});

/** The replies after DATA to so many recipients. */
async function deliver(forwardPaths: readonly string[], message = MESSAGE): Promise<string[]> {
  const first = await client.send('stella@outside.example', forwardPaths, message);
  const others = Array.from({ length: forwardPaths.length - 1 }, () => client.readReply());
  return [first, ...await Promise.all(others)];
}

test('greets as LMTP, offers what RFC 2033 asks for, and knows neither EHLO nor authentication', async () => {
  expect((await client.command('LHLO again.example')).split('\n').map((line) => line.slice(4)).slice(1)).toEqual(['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'SIZE 200000', 'CHUNKING']);
  expect(await client.command('EHLO client.example')).toMatch(/^500 /);
  expect(await client.command('AUTH PLAIN AGEAYg==')).toMatch(/^500 /);
});

describe('after DATA', () => {
  test('each recipient has a reply of his own, and those who have their copy keep it', async () => {
    const bobId = mx.services.accounts.get('bob@example.org')!.accountId;
    mx.services.sabotage = (method, path) => (method === 'PUT' && path.includes(bobId) ? 'quotaExceeded' : null);
    expect(await deliver(['alice@example.org', 'bob@example.org'])).toEqual([expect.stringMatching(/^250 2\.6\.0 /), expect.stringMatching(/^452 4\.2\.2 /)]);
    expect(mx.services.items.size).toBe(1);
    expect(await client.command('NOOP')).toMatch(/^250 /);   // there was no reply too many
  });

  test('a recipient named twice has two replies and one copy', async () => {
    expect(await deliver(['alice@example.org', 'bob@example.org', 'ALICE@example.org'])).toHaveLength(3);
    expect(mx.services.puts).toHaveLength(2);
    expect(await client.command('NOOP')).toMatch(/^250 /);
  });

  test('what is wrong with the message is said to all', async () => {
    const replies = await deliver(['alice@example.org', 'alice@example.org', 'bob@example.org'], `A: b\r\n\r\n${'x'.repeat(210_000)}\r\n`);
    expect(replies).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^552 5\.3\.4 /)));
    expect(await client.command('NOOP')).toMatch(/^250 /);
  });
});

test('CHUNKING (RFC 3030): a chunk has one reply, the last one has one for each recipient', async () => {
  const bobId = mx.services.accounts.get('bob@example.org')!.accountId;
  mx.services.sabotage = (method, path) => (method === 'PUT' && path.includes(bobId) ? 'quotaExceeded' : null);
  for (const line of ['MAIL FROM:<stella@outside.example>', 'RCPT TO:<alice@example.org>', 'RCPT TO:<bob@example.org>', 'RCPT TO:<alice@example.org>']) await client.command(line);
  client.socket.write(`BDAT 20\r\n${MESSAGE.slice(0, 20)}`);
  expect(await client.readReply()).toMatch(/^250 2\.0\.0 /);
  client.socket.write(`BDAT ${MESSAGE.length - 20} LAST\r\n${MESSAGE.slice(20)}`);
  for (const reply of [/^250 2\.6\.0 /, /^452 4\.2\.2 /, /^250 2\.6\.0 /]) expect(await client.readReply()).toMatch(reply);
  expect(await client.command('NOOP')).toMatch(/^250 /);
  expect((await mx.alice.open(mx.services.itemsOf('alice@example.org')[0]!)).endsWith(MESSAGE)).toBe(true);
});

test('an outage of the services is temporary', async () => {
  mx.services.sabotage = () => 'unavailable';
  await client.command('MAIL FROM:<stella@outside.example>');
  expect(await client.command('RCPT TO:<nobody@example.org>')).toMatch(/^451 4\.3\.0 /);
});

test('the message says that it came by LMTP; what the MTA in front found out about the sender stays', async () => {
  await deliver(['alice@example.org'], `Authentication-Results: mx.example.org; dkim=pass\r\n${MESSAGE}`);
  const text = await mx.alice.open(mx.services.itemsOf('alice@example.org')[0]!);
  expect(text).toMatch(/^Return-Path: <stella@outside\.example>\r\nReceived: from client\.example by mx\.example\.org with LMTP id/);
  expect(text).toContain('Authentication-Results: mx.example.org; dkim=pass\r\nFrom:');
});

describe('a Unix socket', () => {
  test('that a killed process left behind is taken over', async () => {
    const [path, abandoned] = [`${socket}-first`, `${socket}-abandoned`];
    const first = createServer().listen(path);
    await once(first, 'listening');
    linkSync(path, abandoned);
    await new Promise((resolve) => first.close(resolve));
    expect(existsSync(abandoned)).toBe(true);
    const second = createServer();
    expect(await listen(second, { bind: '', socket: abandoned })).toBeNull();
    await new Promise((resolve) => second.close(resolve));
  });

  test('that another process serves is not', async () => {
    await expect(listen(createServer(), { bind: '', socket })).rejects.toMatchObject({ code: 'portTaken', message: `cannot listen on ${socket} (EADDRINUSE)` });
  });
});
