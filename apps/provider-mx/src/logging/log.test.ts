// What an operator can follow in the log, and what he cannot see.

import { expect, test } from '@jest/globals';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const DAY_MS = 24 * 60 * 60_000;
const PSEUDONYM = expect.stringMatching(/^[\w-]{10}$/) as unknown;
const NAMES = /alice|bob|stella|\.example|example\.org|127\.0\.0\.1/;

const provider = testProvider();
const open = testProvider({ logging: { peerAddressesInTheClear: true } });

interface Line {
  msg: string;
  peer: string;
  [fact: string]: unknown;
}

function lines(of: { logText: () => string }, event: string): Line[] {
  return of.logText().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === event);
}

async function receive(of: typeof provider, forwardPaths: string[], body: string): Promise<void> {
  const client = await SmtpClient.connect(of.providerMx.ports.mx);
  await client.send('stella@outside.example', forwardPaths, `From: stella@outside.example\r\n\r\n${body}\r\n`);
  client.close();
}

test('peers and mailboxes can be followed through a day, and no further', async () => {
  await receive(provider, ['alice@example.org'], 'one');
  await receive(provider, ['alice@example.org', 'bob@example.org'], 'two');
  await receive(provider, ['nobody@example.org'], 'three');
  const [first, second] = lines(provider, 'received');
  const [refused] = lines(provider, 'refused');
  expect(first).toMatchObject({ peer: PSEUDONYM, accounts: PSEUDONYM });
  expect([second!.peer, refused!.peer]).toEqual([first!.peer, first!.peer]);
  expect((second!['accounts'] as string).split(' ')).toEqual([first!['accounts'], PSEUDONYM]);
  provider.clock.advance(DAY_MS);
  await receive(provider, ['alice@example.org'], 'four');
  const [, , nextDay] = lines(provider, 'received');
  expect([nextDay!.peer === first!.peer, nextDay!['accounts'] === first!['accounts']]).toEqual([false, false]);
  expect(provider.logText()).not.toMatch(NAMES);
});

test('a message can be followed from its submission through the queue', async () => {
  const client = await SmtpClient.connect(provider.providerMx.ports.submission);
  await client.logIn('alice@example.org', provider.services.addSession('alice@example.org'));
  await client.send('alice@example.org', ['stella@outside.example'], 'From: alice@example.org\r\n\r\nx\r\n');
  client.close();
  await provider.providerMx.worker.drain();
  const [submitted] = lines(provider, 'submitted');
  expect(submitted).toMatchObject({ peer: PSEUDONYM, account: PSEUDONYM });
  expect(lines(provider, 'attempted')).toEqual([expect.objectContaining({ messageId: submitted!['messageId'], domain: PSEUDONYM })]);
  expect(provider.logText()).not.toMatch(NAMES);
});

test('an operator who needs them sees the addresses of peers, and nothing else', async () => {
  await receive(open, ['alice@example.org'], 'one');
  expect(lines(open, 'received')).toEqual([expect.objectContaining({ peer: '127.0.0.1', accounts: PSEUDONYM })]);
  expect(open.logText()).not.toMatch(/alice|stella|\.example|example\.org/);
});
