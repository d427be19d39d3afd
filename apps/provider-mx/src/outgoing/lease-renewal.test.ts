import { expect, test } from '@jest/globals';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const LEASE_MS = 60;   // of real time: renewals do not wait for the clock that tests move
const provider = testProvider({ retry: { delaysSeconds: [300], giveUpAfterSeconds: 3600, delayNoticeAfterSeconds: 3600, leaseSeconds: LEASE_MS / 1000, pollSeconds: 30 } });

test('an attempt that lasts longer than its lease keeps it', async () => {
  provider.outside.refuseData = async () => {
    provider.clock.advance(10 * LEASE_MS);
    await renewed();
    return null;
  };
  const client = await SmtpClient.connect(provider.providerMx.ports.submission);
  await client.logIn('alice@example.org', provider.services.addSession('alice@example.org'));
  await client.send('alice@example.org', ['a@outside.example'], 'From: alice@example.org\r\n\r\nbody\r\n');
  client.close();
  await provider.providerMx.worker.drain();
  expect(provider.outside.messages).toHaveLength(1);
  expect(provider.outside.connections).toBe(1);
});

/** Resolves when the lease ends after the present of the provider's clock. */
async function renewed(): Promise<void> {
  const leased = 'SELECT 1 FROM provider_mx.outgoing_recipient WHERE due_at_ms > $1';
  while ((await provider.providerMx.dataSource.query<unknown[]>(leased, [provider.clock.nowMs()])).length === 0) continue;
}
