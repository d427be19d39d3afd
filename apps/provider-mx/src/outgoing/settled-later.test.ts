import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const provider = testProvider();

test('what another host took while the queue could not be told is written down later, and not sent again', async () => {
  const { worker, dataSource } = provider.providerMx;
  provider.outside.refuseData = async () => {
    await dataSource.query('ALTER TABLE provider_mx.outgoing_recipient RENAME TO away');
    provider.clock.advance(2 * provider.configuration.retry.leaseSeconds * 1000);
    return null;
  };
  const client = await SmtpClient.connect(provider.providerMx.ports.submission);
  await client.logIn('alice@example.org', provider.services.addSession('alice@example.org'));
  await client.send('alice@example.org', ['a@outside.example'], 'From: alice@example.org\r\n\r\nbody\r\n');
  client.close();
  while (!provider.logText().includes('"what":"outgoing queue"')) await nextTurn();
  await dataSource.query('ALTER TABLE provider_mx.away RENAME TO outgoing_recipient');
  await worker.drain();
  await worker.drain();
  expect(provider.outside.messages).toHaveLength(1);
  expect(await dataSource.query('SELECT 1 FROM provider_mx.outgoing_recipient')).toEqual([]);
});
