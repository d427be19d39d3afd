import { expect, test } from '@jest/globals';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';

const provider = testProvider({ metrics: { bind: '127.0.0.1', port: 0 } });
const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${provider.providerMx.ports.metrics!}${path}`, init);

test('what happens is counted, and names nobody', async () => {
  provider.outside.refuseRecipient = (address) => (address.startsWith('slow') ? { code: 450, text: 'later' } : null);
  const client = await SmtpClient.connect(provider.providerMx.ports.submission);
  await client.logIn('alice@example.org', provider.services.addSession('alice@example.org'));
  await client.send('alice@example.org', ['fast@outside.example', 'slow@outside.example', 'gone@nowhere.example'], 'From: alice@example.org\r\n\r\nx\r\n');
  await client.command('MAIL FROM:<bob@example.org>');
  client.close();
  await provider.providerMx.worker.drain();
  const response = await get('/metrics');
  const text = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  for (const line of [
    'paloma_mx_submitted_messages_total 1', 'paloma_mx_delivery_results_total{result="delivered"} 2', 'paloma_mx_delivery_results_total{result="deferred"} 1',
    'paloma_mx_delivery_results_total{result="failed"} 1', 'paloma_mx_refusals_total{code="foreignSender"} 1', 'paloma_mx_bugs_total 0',
    'paloma_mx_queue_recipients{state="waiting"} 1', `paloma_mx_queue_oldest_accepted_timestamp_seconds ${provider.clock.nowMs() / 1000}`, 'paloma_mx_bytes_in_flight 0',
  ]) expect(text.split('\n')).toContain(line);
  expect(text).not.toMatch(/alice|slow|\.example|127\.0\.0\.1/);
});

test('it is alive and ready, and nothing else is served', async () => {
  const statuses = await Promise.all(['/health/live', '/health/ready', '/', '/metrics?x'].map(async (path) => (await get(path)).status));
  expect(statuses).toEqual([200, 200, 404, 404]);
  expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
});
