import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { INCOMING_LEASE_MS, parseAccountId, parseIncomingItemId, parseMailAddress, type IncomingItemId } from '@paloma/shared-model';
import {
  deliveryAnswer, INCOMING_STREAM, INCOMING_STREAM_LIMITS, infoAnswer, MAX_DELIVERY_ITEM_BYTES, leaseAnswer, servicesPaths, settleAnswer, usersPaths, type DeliveryRequest, type ItemLease, type SettleRequest,
} from '@paloma/sync-protocol';
import pg from 'pg';
import { MAX_ROW_BYTES } from '../blobs/octets-at-rest.js';
import { providerForTests } from '../test/provider-under-test.js';
import { decodeAnswer, jsonOf, newReplica, octets, randomText, type Answer, type TestClient } from '../test/test-client.js';

const DAY_MS = 24 * 60 * 60_000;
const provider = providerForTests();
const small = providerForTests({ quotaBytes: 1000 });
const withPostmaster = providerForTests({ reservedNames: { postmaster: parseMailAddress('keeper@example.org'), abuse: parseMailAddress('gone@example.org') } });
const newItem = (): IncomingItemId => parseIncomingItemId(randomText(43));
const said = (answer: Answer) => [answer.status, jsonOf(answer)];
const lease = async (client: TestClient, replicaUid = client.replicaUid, limit = 10) => (await client.cbor(leaseAnswer, 'POST', usersPaths.incomingLease, { replicaUid, limit })).items;
const settle = async (client: TestClient, request: Partial<SettleRequest>) =>
  (await client.cbor(settleAnswer, 'POST', usersPaths.incomingSettle, { acks: [], releases: [], failures: [], ...request })).lost;
const fetch = async (client: TestClient, items: ItemLease[]) =>
  (await decodeAnswer(await client.users('POST', usersPaths.incomingFetch, { cbor: { items: items.map(({ itemId, lease: held }) => ({ itemId, lease: held })) } }), INCOMING_STREAM, INCOMING_STREAM_LIMITS)).items;
const usedBytes = async (client: TestClient) => (await client.cbor(infoAnswer, 'GET', usersPaths.info)).usedBytes;

function filesKept(): number {
  const { blobDirectory } = provider.configuration();
  if (!existsSync(blobDirectory)) return 0;
  return readdirSync(blobDirectory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

async function inDatabase(work: (database: pg.Client) => Promise<void>): Promise<void> {
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  await work(database).finally(() => database.end());
}

async function clientWithMail(count: number): Promise<{ client: TestClient; itemIds: IncomingItemId[] }> {
  const client = await provider.client().signUp();
  const itemIds = Array.from({ length: count }, newItem);
  for (const itemId of itemIds) {
    expect((await client.deliver(client.accountId, itemId, octets(itemId))).status).toBe(201);
    provider.clock.advance(1);
  }
  return { client, itemIds };
}

test('mail is leased oldest first, fetched, acknowledged and gone', async () => {
  const { client, itemIds } = await clientWithMail(3);
  const items = await lease(client);
  expect(items).toEqual(itemIds.map((itemId, index) => ({
    itemId, lease: expect.stringMatching(/^[\w-]{22}$/), sizeBytes: 43, attempts: 0,
    receivedAtMs: provider.clock.nowMs() - 3 + index, leaseUntilMs: provider.clock.nowMs() + INCOMING_LEASE_MS,
  })));
  expect((await fetch(client, items)).map((item) => ('octets' in item ? Buffer.from(item.octets).toString() : null))).toEqual(itemIds);
  expect(await settle(client, { acks: items })).toEqual([]);
  expect(await lease(client)).toEqual([]);
  expect(await usedBytes(client)).toBe(0);
  expect(await settle(client, { acks: items })).toEqual([]);   // an ack after a lost reply
  expect(await fetch(client, items)).toEqual(itemIds.map((itemId) => ({ itemId, lost: true })));
});

test('a delivery that is repeated changes nothing, until a week after it was taken', async () => {
  const { client, itemIds: [itemId] } = await clientWithMail(1);
  const deliverAgain = async () => (await client.deliver(client.accountId, itemId!, octets('again'))).status;
  expect(await deliverAgain()).toBe(200);
  const items = await lease(client);
  expect(items).toHaveLength(1);
  await settle(client, { acks: items });
  provider.clock.advance(7 * DAY_MS - 1);
  expect(await deliverAgain()).toBe(200);
  expect(await lease(client)).toEqual([]);
  provider.clock.advance(1);
  expect(await deliverAgain()).toBe(201);
});

test('two deliveries of one item at once store it once', async () => {
  const client = await provider.client().signUp();
  const itemId = newItem();
  const answers = await Promise.all([1, 2, 3].map(() => client.deliver(client.accountId, itemId, new Uint8Array(MAX_ROW_BYTES + 1))));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
  expect(await lease(client)).toHaveLength(1);
});

describe('a delivery of several items', () => {
  const deliverAll = (client: TestClient, items: DeliveryRequest['items']) => client.services('POST', servicesPaths.delivery, { cbor: { items } });
  const outcomesOf = (answer: Answer) => deliveryAnswer.parse(jsonOf(answer)).outcomes;
  const itemFor = ({ accountId }: TestClient, itemId = newItem(), sizeBytes = 43) => ({ accountId, itemId, sealed: new Uint8Array(sizeBytes) });

  test('has an outcome for each, whatever becomes of the others', async () => {
    const [alice, bob] = [await small.client().signUp(), await small.client().signUp()];
    const [known, twice] = [newItem(), newItem()];
    await alice.deliver(alice.accountId, known, octets('sealed'));
    const nobody = itemFor(alice);
    nobody.accountId = parseAccountId('n'.repeat(22));
    const answer = await deliverAll(alice, [itemFor(alice, known), itemFor(bob), nobody, itemFor(alice, twice), itemFor(alice, newItem(), 1000), itemFor(alice, twice), itemFor(bob)]);
    expect(outcomesOf(answer)).toEqual(['alreadyThere', 'stored', 'noAccount', 'stored', 'quotaExceeded', 'alreadyThere', 'stored']);
    expect([(await lease(alice)).map(({ sizeBytes }) => sizeBytes).sort(), (await lease(bob)).length]).toEqual([[43, 6], 2]);
    expect([await usedBytes(alice), await usedBytes(bob)]).toEqual([49, 86]);
  });

  test('gives the room to whom it suffices, the first first', async () => {
    const client = await small.client().signUp();
    expect(outcomesOf(await deliverAll(client, [600, 600, 300].map((sizeBytes) => itemFor(client, newItem(), sizeBytes))))).toEqual(['stored', 'quotaExceeded', 'stored']);
    expect(await usedBytes(client)).toBe(900);
  });

  test('repeats what is there though the mailbox is full by now', async () => {
    const client = await small.client().signUp();
    const items = [itemFor(client, newItem(), 600), itemFor(client, newItem(), 400)];
    expect(outcomesOf(await deliverAll(client, items))).toEqual(['stored', 'stored']);
    expect(outcomesOf(await deliverAll(client, [...items, itemFor(client)]))).toEqual(['alreadyThere', 'alreadyThere', 'quotaExceeded']);
  });

  test('stores the others when one cannot be stored', async () => {
    const client = await provider.client().signUp();
    const items = [itemFor(client), itemFor(client), itemFor(client)];
    await inDatabase(async (database) => {
      await database.query(`ALTER TABLE incoming_item ADD CONSTRAINT nobody_foresaw CHECK (item_id <> '${items[1]!.itemId}')`);
      expect(outcomesOf(await deliverAll(client, items))).toEqual(['stored', 'failed', 'stored']);
      await database.query('ALTER TABLE incoming_item DROP CONSTRAINT nobody_foresaw');
    });
    expect(await lease(client)).toHaveLength(2);
    expect(outcomesOf(await deliverAll(client, items))).toEqual(['alreadyThere', 'stored', 'alreadyThere']);
    expect(provider.logLines.filter((line) => line.includes('"bug"'))).toHaveLength(1);
    provider.logLines.length = 0;
  });

  test('does not let mail for one account wait for what holds another up', async () => {
    const [busy, free] = [await provider.client().signUp(), await provider.client().signUp()];
    const events = await free.events();
    for (let seen = 0; seen < 2; seen += 1) await events.next();
    await inDatabase(async (database) => {
      await database.query('BEGIN');
      await database.query('SELECT 1 FROM account WHERE account_id = $1 FOR NO KEY UPDATE', [busy.accountId]);
      const twice = itemFor(busy);
      const delivery = deliverAll(free, [itemFor(busy), twice, itemFor(free), twice]);
      expect(await events.next()).toEqual({ event: 'incoming', data: { pending: 1 } });
      expect(await lease(free)).toHaveLength(1);
      await database.query('ROLLBACK');
      expect(outcomesOf(await delivery)).toEqual(['stored', 'stored', 'stored', 'alreadyThere']);
    });
    events.close();
    expect(await lease(busy)).toHaveLength(2);
  });

  test('is refused as a whole when it breaks the protocol', async () => {
    const client = await provider.client().signUp();
    for (const items of [[], [itemFor(client, newItem(), MAX_DELIVERY_ITEM_BYTES + 1)], [itemFor(client, 'short' as IncomingItemId)], Array.from({ length: 65 }, () => itemFor(client))]) {
      expect(said(await deliverAll(client, items))).toEqual([400, { error: 'badRequest' }]);
    }
    expect(said(await deliverAll(client, Array.from({ length: 17 }, () => itemFor(client, newItem(), MAX_DELIVERY_ITEM_BYTES))))).toEqual([413, { error: 'tooLarge' }]);
    expect(said(await client.services('POST', servicesPaths.delivery, { token: client.token, cbor: { items: [itemFor(client)] } }))).toEqual([401, { error: 'unauthorized' }]);
    expect(await lease(client)).toEqual([]);
  });
});

test('an item too large for a row is kept in a file until it is taken', async () => {
  const client = await provider.client().signUp();
  const body = Buffer.alloc(3_000_000, 'sealed mail');
  const before = filesKept();
  expect((await client.deliver(client.accountId, newItem(), body)).status).toBe(201);
  expect(filesKept()).toBe(before + 1);
  const items = await lease(client);
  const [fetched] = await fetch(client, items);
  expect(fetched && 'octets' in fetched && Buffer.from(fetched.octets).equals(body)).toBe(true);
  await settle(client, { acks: items });
  expect(filesKept()).toBe(before);
});

test('what one replica has leased, another is not offered until the lease runs out; then the first has lost it', async () => {
  const { client } = await clientWithMail(2);
  const other = newReplica();
  const [mine] = await lease(client, client.replicaUid, 1);
  const theirs = await lease(client, other);
  expect(theirs.map(({ itemId }) => itemId)).not.toContain(mine!.itemId);
  expect(theirs).toHaveLength(1);
  provider.clock.advance(INCOMING_LEASE_MS - 1);
  expect(await lease(client, newReplica())).toEqual([]);
  provider.clock.advance(1);
  const stolen = (await lease(client, other)).find(({ itemId }) => itemId === mine!.itemId);
  expect(stolen!.lease).not.toBe(mine!.lease);
  expect(await fetch(client, [mine!])).toEqual([{ itemId: mine!.itemId, lost: true }]);
  expect(await settle(client, { acks: [mine!] })).toEqual([mine!.itemId]);
  expect(await settle(client, { releases: [mine!] })).toEqual([mine!.itemId]);
  expect(await settle(client, { failures: [{ ...mine!, reason: 'internal' }] })).toEqual([mine!.itemId]);
  expect(await settle(client, { acks: [stolen!] })).toEqual([]);
});

test('asking again extends the own leases and keeps them', async () => {
  const { client } = await clientWithMail(1);
  const [first] = await lease(client);
  provider.clock.advance(INCOMING_LEASE_MS - 1);
  const [again] = await lease(client);
  expect(again).toEqual({ ...first, leaseUntilMs: provider.clock.nowMs() + INCOMING_LEASE_MS });
  provider.clock.advance(INCOMING_LEASE_MS - 1);
  expect(await lease(client, newReplica())).toEqual([]);
});

test('a lease that ran out and was not taken by anybody still acknowledges', async () => {
  const { client } = await clientWithMail(1);
  const items = await lease(client);
  provider.clock.advance(10 * INCOMING_LEASE_MS);
  expect(await settle(client, { acks: items })).toEqual([]);
  expect(await lease(client)).toEqual([]);
});

test('of what one request says of an item twice, the first counts', async () => {
  const { client } = await clientWithMail(3);
  const [acked, released, failed] = (await lease(client)).map(({ itemId, lease: held }) => ({ itemId, lease: held }));
  const failures = [acked!, released!, failed!, failed!].map((item) => ({ ...item, reason: 'internal' as const }));
  expect(await settle(client, { acks: [acked!, acked!], releases: [acked!, released!], failures })).toEqual([released!.itemId, failed!.itemId]);
  expect((await lease(client, newReplica())).map(({ itemId }) => itemId)).toEqual([released!.itemId]);
  expect(await usedBytes(client)).toBe(86);
});

test('a released item is offered at once', async () => {
  const { client } = await clientWithMail(1);
  expect(await settle(client, { releases: await lease(client) })).toEqual([]);
  expect(await lease(client, newReplica())).toHaveLength(1);
});

test('a failed item counts an attempt and is offered again after a back-off that doubles, for ever', async () => {
  const { client } = await clientWithMail(1);
  for (const [attempts, restMs] of [[1, 30_000], [2, 60_000], [3, 120_000]] as const) {
    const items = await lease(client);
    expect(await settle(client, { failures: items.map((item) => ({ ...item, reason: 'cannotDecrypt' })) })).toEqual([]);
    provider.clock.advance(restMs - 1);
    expect(await lease(client)).toEqual([]);
    provider.clock.advance(1);
    expect((await lease(client)).map((item) => item.attempts)).toEqual([attempts]);
  }
});

test('deliveries that cannot be taken are told apart', async () => {
  const client = await small.client().signUp();
  expect(said(await client.deliver(parseAccountId('n'.repeat(22)), newItem(), octets('x')))).toEqual([404, { error: 'notFound' }]);
  expect(said(await client.services('PUT', `/services/v1/incoming/nobody/${newItem()}`, { body: octets('x') }))).toEqual([404, { error: 'notFound' }]);
  expect(said(await client.services('PUT', servicesPaths.incoming(client.accountId, 'short' as IncomingItemId), { body: octets('x') }))).toEqual([400, { error: 'badRequest' }]);
  expect(said(await client.deliver(client.accountId, newItem(), new Uint8Array(1001)))).toEqual([507, { error: 'quotaExceeded' }]);
  expect(said(await client.deliver(client.accountId, newItem(), new Uint8Array(51 * 2 ** 20 + 1)))).toEqual([413, { error: 'tooLarge' }]);
  async function* tooMuch() {
    for (let chunk = 0; chunk < 52; chunk++) yield new Uint8Array(2 ** 20);
  }
  expect(said(await client.services('PUT', servicesPaths.incoming(client.accountId, newItem()), { body: tooMuch() }))).toEqual([413, { error: 'tooLarge' }]);
  expect(await lease(client)).toEqual([]);
});

test('the MX is told who gets mail for an address, and nothing else on its listener answers', async () => {
  const client = await small.client().signUp('mailbox@example.org');
  const recipient = async (address: string) => said(await client.services('GET', `/services/v1/recipients/${encodeURIComponent(address)}`));
  expect(await recipient('Mailbox@example.org')).toEqual([200, { accountId: client.accountId, isOverQuota: false, isDisabled: false, certificate: null }]);
  await client.deliver(client.accountId, newItem(), new Uint8Array(1000));
  expect(await recipient('mailbox@example.org')).toEqual([200, { accountId: client.accountId, isOverQuota: true, isDisabled: false, certificate: null }]);
  for (const unknown of ['nobody@example.org', 'mailbox@elsewhere.example', 'no address']) expect(await recipient(unknown)).toEqual([404, { error: 'notFound' }]);
  expect((await client.services('GET', usersPaths.discovery)).status).toBe(404);
  expect((await client.users('GET', servicesPaths.ready)).status).toBe(404);
});

test('the services API wants a service token, health does not', async () => {
  const client = await provider.client().signUp();
  for (const token of [undefined, client.token, 's'.repeat(42), 't'.repeat(43)]) {
    expect(said(await client.services('GET', '/services/v1/recipients/a%40example.org', { token }))).toEqual([401, { error: 'unauthorized' }]);
    expect(said(await client.services('PUT', servicesPaths.incoming(client.accountId, newItem()), { token, body: octets('x') }))).toEqual([401, { error: 'unauthorized' }]);
  }
  for (const path of [servicesPaths.live, servicesPaths.ready]) expect((await client.services('GET', path, { token: undefined })).status).toBe(200);
});

test('mail for a reserved name goes to whom the operator says, and to nobody else', async () => {
  const client = await withPostmaster.client().signUp('keeper@example.org');
  const recipient = async (address: string) => said(await client.services('GET', servicesPaths.recipient(address as never)));
  for (const address of ['postmaster@example.org', 'Postmaster@Example.org']) expect(await recipient(address)).toMatchObject([200, { accountId: client.accountId }]);
  for (const address of ['abuse@example.org', 'hostmaster@example.org', 'postmaster@elsewhere.example']) expect(await recipient(address)).toEqual([404, { error: 'notFound' }]);
});
