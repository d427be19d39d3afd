import { expect, test } from '@jest/globals';
import { parseBlobId, parseBlobNamespace, parseIncomingItemId } from '@paloma/shared-model';
import { usersPaths } from '@paloma/sync-protocol';
import { providerForTests } from '../test/provider-under-test.js';
import { newDocument, octets, randomText } from '../test/test-client.js';

const provider = providerForTests();

test('what happens is counted, and names nobody', async () => {
  const client = await provider.client().signUp('alice@example.org');
  const blob = usersPaths.blob(parseBlobNamespace('mail'), parseBlobId(randomText(43)));
  const receivedAtMs = provider.clock.nowMs();
  await client.push([newDocument(), newDocument()]);
  await client.pull();
  await client.pull();
  await client.users('PUT', blob, { body: octets('sealed') });
  await client.users('GET', blob);
  await client.deliver(client.accountId, parseIncomingItemId(randomText(43)), octets('sealed'));
  await client.users('POST', '/alice@example.org');
  const events = await client.events();
  await events.next();
  const { status, headers, body } = await client.services('GET', '/metrics', { token: undefined });
  const text = body.toString();
  events.close();
  expect([status, headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
  for (const line of [
    'paloma_sync_requests_total{method="POST",route="/v1/sync/push",status="200"} 1', 'paloma_sync_requests_total{method="POST",route="none",status="404"} 1',
    'paloma_sync_request_duration_seconds_count{route="/v1/sync/pull"} 2', 'paloma_sync_documents_total{direction="up"} 2', 'paloma_sync_documents_total{direction="down"} 4',
    'paloma_sync_blobs_total{direction="up"} 1', 'paloma_sync_blobs_total{direction="down"} 1', 'paloma_sync_delivered_items_total 1', 'paloma_sync_incoming_items 1', 'paloma_sync_accounts 1',
    `paloma_sync_incoming_oldest_received_timestamp_seconds ${receivedAtMs / 1000}`, 'paloma_sync_event_connections 1', 'paloma_sync_database_up 1',
    'paloma_sync_database_connections{state="waiting"} 0', 'paloma_sync_bugs_total 0', 'paloma_sync_compaction_finished_timestamp_seconds 0',
  ]) expect(text.split('\n')).toContain(line);
  expect(text).toMatch(/^process_resident_memory_bytes /m);
  for (const named of ['alice', 'example', '127.0.0.1', client.accountId, blob]) expect(text).not.toContain(named);
});

test('it is not served to devices', async () => {
  expect((await provider.client().users('GET', '/metrics')).status).toBe(404);
});
