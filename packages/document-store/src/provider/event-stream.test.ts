import { afterEach, expect, test } from '@jest/globals';
import { seededRandom } from '@paloma/test-kit';
import { parseOpaqueDocumentId, parseReplicaUid, parseRevision } from '@paloma/shared-model';
import type { SyncEvent } from '@paloma/sync-protocol';
import { EXAMPLE_ACCOUNT_ID } from '../test/example-account.js';
import { ManualScheduler } from '../test/manual-scheduler.js';
import { memoryServer } from '../test/memory-server.js';
import { EventStream } from './event-stream.js';
import { MemoryProvider } from './memory-provider.js';
import { ProviderConnection } from './provider-connection.js';

const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

const ANA = parseReplicaUid('A'.repeat(22));
const newItem = (n: number) => ({
  id: parseOpaqueDocumentId(String(n).padStart(32, '0')), revision: parseRevision(`${ANA}:1`), class: 0 as const, epoch: 1, tombstone: false, sealed: new Uint8Array(1),
});

async function scene() {
  const provider = new MemoryProvider({ accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('provider') });
  const server = await memoryServer(provider);
  const connection = new ProviderConnection({ apiUrl: server.apiUrl });
  const scheduler = new ManualScheduler();
  closings.push(() => connection.close(), () => server.close());
  const stream = new EventStream({ connection, scheduler, random: seededRandom('events') });
  const heard: SyncEvent[] = [];
  let wake = (): void => {};
  const unsubscribe = stream.subscribe((event) => {
    heard.push(event);
    wake();
  });
  const nextEvent = () => new Promise<void>((resolve) => void (wake = resolve));
  return { provider, server, connection, scheduler, heard, unsubscribe, nextEvent };
}

test('tells where the log stands on connecting, then every change', async () => {
  const { provider, heard, nextEvent, unsubscribe } = await scene();
  await nextEvent();
  await Promise.all([nextEvent(), provider.push(ANA, [newItem(1)])]);
  expect(heard).toMatchObject([{ event: 'generation', data: { generation: 0, source: null } }, { event: 'generation', data: { generation: 1, source: ANA } }]);
  unsubscribe();
});

test('cut off, it comes back after a back-off and hears what happened meanwhile', async () => {
  const { provider, server, scheduler, heard, nextEvent, unsubscribe } = await scene();
  await nextEvent();
  server.server.closeAllConnections();
  while (scheduler.waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await provider.push(ANA, [newItem(1)]);
  const again = nextEvent();
  scheduler.pass();
  await again;
  expect(heard.at(-1)).toMatchObject({ data: { generation: 1 } });
  unsubscribe();
});

test('the connection ends with the last listener, and nobody waits to come back', async () => {
  const { server, nextEvent, unsubscribe, scheduler } = await scene();
  await nextEvent();
  const openConnections = () => new Promise<number>((resolve, reject) => server.server.getConnections((error, count) => error ? reject(error) : resolve(count)));
  expect(await openConnections()).toBe(1);
  unsubscribe();
  while ((await openConnections()) > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(scheduler.waiting).toEqual([]);
});
