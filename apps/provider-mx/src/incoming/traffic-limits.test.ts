import { beforeEach, expect, test } from '@jest/globals';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const limits = { connectionsPerPeer: 4, messagesPerPeer: 3, messagesPerRecipient: 2 };
const MINUTE_MS = 60_000;
const mx = testProvider({ limits, authentication: { policy: 'record', trustedPeers: ['10.0.0.0/8'] } });

beforeEach(() => {
  mx.clock.advance(2 * MINUTE_MS);
});

/** Replies to MAIL and RCPT of so many transactions that are given up. */
async function transactions(client: SmtpClient, forwardPaths: readonly string[]): Promise<string[]> {
  const replies: string[] = [];
  for (const forwardPath of forwardPaths) {
    const mail = await client.command('MAIL FROM:<stella@outside.example>');
    replies.push(mail.startsWith('250') ? await client.command(`RCPT TO:<${forwardPath}>`) : mail);
    await client.command('RSET');
  }
  return replies.map((reply) => reply.slice(0, 9));
}

test('connections of a peer in a minute', async () => {
  for (let connection = 0; connection < limits.connectionsPerPeer; connection += 1) (await SmtpClient.connect(mx.providerMx.ports.mx)).close();
  expect(await SmtpClient.greeting(mx.providerMx.ports.mx)).toMatch(/^421 4\.7\.0 /);
  mx.clock.advance(MINUTE_MS / limits.connectionsPerPeer);
  expect(await SmtpClient.greeting(mx.providerMx.ports.mx)).toMatch(/^220 /);
});

test('messages of a peer in a minute, whoever they are for', async () => {
  const client = await SmtpClient.connect(mx.providerMx.ports.mx);
  expect(await transactions(client, ['alice@example.org', 'bob@example.org', 'nobody@example.org', 'alice@example.org'])).toEqual(['250 2.1.5', '250 2.1.5', '550 5.1.1', '450 4.7.1']);
  mx.clock.advance(MINUTE_MS / limits.messagesPerPeer);
  expect(await transactions(client, ['bob@example.org', 'bob@example.org'])).toEqual(['250 2.1.5', '450 4.7.1']);
  client.close();
});

test('messages to a recipient in a minute, however he is written; to others they go on', async () => {
  const client = await SmtpClient.connect(mx.providerMx.ports.mx);
  expect(await transactions(client, ['alice@example.org', 'Alice@example.org', 'ALICE@example.org'])).toEqual(['250 2.1.5', '250 2.1.5', '450 4.7.1']);
  mx.clock.advance(MINUTE_MS / limits.messagesPerPeer);
  expect(await transactions(client, ['bob@example.org'])).toEqual(['250 2.1.5']);
  client.close();
});
