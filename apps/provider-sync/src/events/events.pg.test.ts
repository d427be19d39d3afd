import { expect, test } from '@jest/globals';
import { parseGeneration, parseIncomingItemId, type TransactionId } from '@paloma/shared-model';
import { leaseAnswer, usersPaths, type SyncEvent } from '@paloma/sync-protocol';
import pg from 'pg';
import { providerForTests } from '../test/provider-under-test.js';
import { newDocument, newReplica, octets, randomText } from '../test/test-client.js';

const provider = providerForTests({}, 2);
const newItem = () => parseIncomingItemId(randomText(43));

test('a connection starts with the present state and hears what happens, also in another process of the provider', async () => {
  const here = await provider.client(0).signUp();
  const there = provider.client(1).sharing(here);
  const listening = await Promise.all([here, there].map((client) => client.events()));
  const expectBoth = async (event: SyncEvent): Promise<void> => {
    for (const events of listening) expect(await events.next()).toEqual(event);
  };
  await expectBoth({ event: 'generation', data: { generation: parseGeneration(0), transactionId: '' as TransactionId, source: null } });
  await expectBoth({ event: 'incoming', data: { pending: 0 } });
  const { generation, transactionId } = await here.push([newDocument(), newDocument()]);
  await expectBoth({ event: 'generation', data: { generation, transactionId, source: here.replicaUid } });
  await here.deliver(here.accountId, newItem(), octets('sealed'));
  await expectBoth({ event: 'incoming', data: { pending: 1 } });
  const vault = await here.users('PUT', usersPaths.vault, { body: octets('v'), headers: { 'if-none-match': '*' } });
  await expectBoth({ event: 'vault', data: { version: (vault.headers['etag'] as string).slice(1, -1) } });
  for (const client of [here, there]) {
    const events = await client.events();
    expect([await events.next(), await events.next()]).toEqual([
      { event: 'generation', data: { generation, transactionId, source: null } }, { event: 'incoming', data: { pending: 1 } },
    ]);
    events.close();
  }
  for (const events of listening) events.close();
});

test('nobody hears of another account, nor of a push that stored nothing', async () => {
  const [alice, bob] = [await provider.client(0).signUp(), await provider.client(1).signUp()];
  const events = await alice.events();
  await events.next();
  await events.next();
  const document = newDocument();
  const first = await alice.push([document]);
  expect(await events.next()).toMatchObject({ event: 'generation', data: { generation: first.generation } });
  await bob.push([newDocument()]);
  await alice.push([document]);
  const { generation } = await alice.push([newDocument()]);
  expect(await events.next()).toMatchObject({ event: 'generation', data: { generation } });
  events.close();
});

test('two processes never lease one item to two replicas', async () => {
  const here = await provider.client(0).signUp();
  const there = provider.client(1).sharing(here);
  for (let item = 0; item < 20; item++) await here.deliver(here.accountId, newItem(), octets('sealed'));
  const lease = async (client: typeof here) => (await client.cbor(leaseAnswer, 'POST', usersPaths.incomingLease, { replicaUid: newReplica(), limit: 6 })).items.map(({ itemId }) => itemId);
  const leased = (await Promise.all([here, there, here, there].map(lease))).flat();
  expect(new Set(leased).size).toBe(leased.length);
  const rest = (await Promise.all([here, there, here, there].map(lease))).flat();
  expect(new Set([...leased, ...rest]).size).toBe(20);
});

test('an account has no more than so many connections in a process', async () => {
  const client = await provider.client(0).signUp();
  const open = await Promise.all(Array.from({ length: 64 }, () => client.events()));
  expect((await client.users('GET', usersPaths.events)).status).toBe(429);
  for (const events of open) events.close();
});

test('clients that went away before they were answered take up no connection', async () => {
  const client = await provider.client(0).signUp();
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  await database.query('BEGIN; LOCK TABLE session');   // nobody is let in meanwhile
  for (let gone = 0; gone < 64; gone++) await client.abandon(usersPaths.events);
  await database.end();
  const events = await client.events();
  expect(await events.next()).toMatchObject({ event: 'generation' });
  events.close();
});
