import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Generation, ReplicaUid } from '@paloma/shared-model';
import { infoAnswer, usersPaths, type PushAnswer, type PushItem } from '@paloma/sync-protocol';
import type { DataSource } from 'typeorm';
import { connectDatabase } from '../database/connect.js';
import { Database } from '../database/database.js';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, newDocument, newReplica, type TestClient } from '../test/test-client.js';
import { PushTransactionPruning } from './push-transaction-pruning.js';
import { TombstoneCompaction } from './tombstone-compaction.js';

type Head = Pick<PushAnswer, 'generation' | 'transactionId'>;

const YEAR_MS = 365 * 24 * 60 * 60_000;
const provider = providerForTests({}, 2);
let dataSource: DataSource;
beforeAll(async () => { dataSource = await connectDatabase(provider.databaseUrl); });
afterAll(() => dataSource.destroy());
const compact = () => new TombstoneCompaction(new Database(dataSource), provider.clock).run();

const prune = () => new PushTransactionPruning(new Database(dataSource)).run();

const revision = (count: number) => `${'r'.repeat(22)}:${count}`;
const tombstoneOf = ({ id, class: documentClass }: PushItem) => newDocument({ id, class: documentClass, revision: revision(2), tombstone: true, sealed: new Uint8Array(5) });
const generationsOf = async (client: TestClient, asked: object) => (await client.pull(asked)).items.map(({ generation }) => Number(generation));
/** What is there, looked at without beginning to read again. */
const stored = async (client: TestClient, asked: object) => (await generationsOf(client, { ...asked, order: 'newest' })).reverse();
const refusalOf = async (client: TestClient, asked: object) => {
  const answer = await client.pullRaw(asked);
  return [answer.status, jsonOf(answer)];
};

/** Moves replicas past a generation. */
async function pass(client: TestClient, generation: number, ...replicas: string[]): Promise<void> {
  for (const replicaUid of replicas) await client.pull({ replicaUid: replicaUid as never, since: generation as never });
}

/** Two replicas that have seen two documents of the first one; then one document is deleted, at generation 3. */
async function deletedDocument() {
  const address = `${randomUUID()}@example.org`;
  const client = await provider.client().signUp(address);
  const [ana, bob] = [newReplica(), newReplica()];
  const documents = [newDocument(), newDocument()] as const;
  await client.push(documents, ana);
  await pass(client, 0, ana, bob);
  await pass(client, 2, ana, bob);
  await client.push([tombstoneOf(documents[0])], ana);
  return { client, address, ana, bob, deletedId: documents[0].id };
}

test('a tombstone stays until every replica has gone past it, and frees its room when it goes', async () => {
  const { client, ana, bob } = await deletedDocument();
  const usedBytes = async () => (await client.cbor(infoAnswer, 'GET', usersPaths.info)).usedBytes;
  const before = await usedBytes();
  await compact();
  await pass(client, 3, ana);
  await compact();
  expect([await usedBytes(), await generationsOf(client, { replicaUid: bob, since: 2 })]).toEqual([before, [3]]);
  await pass(client, 3, bob);
  await compact();
  expect([await usedBytes(), await generationsOf(client, { replicaUid: bob })]).toEqual([before - 5, [2]]);
  expect((await client.pull({ replicaUid: bob, since: 3 as never })).header).toMatchObject({ count: 0, generation: 3, through: 3 });
});

test('a replica that has only begun to read, or has only written, is waited for', async () => {
  const { client, ana, bob } = await deletedDocument();
  const [reader, writer] = [newReplica(), newReplica()];
  await client.pull({ replicaUid: reader, limit: 1 });
  await client.push([newDocument()], writer);
  await pass(client, 4, ana, bob);
  for (const waitedFor of [reader, writer]) {
    await compact();
    expect(await stored(client, { replicaUid: bob })).toEqual([2, 3, 4]);
    await pass(client, 4, waitedFor);
  }
  await compact();
  expect(await stored(client, { replicaUid: bob })).toEqual([2, 4]);
});

test('a replica has passed a generation when it has in every class that it reads', async () => {
  const client = await provider.client().signUp();
  const [writer, documents] = [newReplica(), [newDocument({ class: 0 }), newDocument({ class: 1 })]];
  await client.push([...documents, ...documents.map(tombstoneOf)], writer);
  const writerPasses = (documentClass: number, since: number) => client.pull({ replicaUid: writer, classes: [documentClass] as never, since: since as never });
  await writerPasses(1, 4);
  await writerPasses(0, 2);
  await compact();
  expect(await stored(client, { replicaUid: writer, classes: [0, 1], own: true })).toEqual([3, 4]);
  await writerPasses(0, 3);
  await compact();
  const { header, items } = await client.pull({ replicaUid: writer, classes: [0, 1], own: true });
  expect([items.map(({ generation }) => generation), header.compacted]).toEqual([[4], 3]);
});

test('a replica unseen for a year is waited for no longer; it, and whoever stands before a removed tombstone, must start afresh', async () => {
  const { client, address, ana, bob } = await deletedDocument();
  for (let half = 0; half < 2; half++) {
    provider.clock.advance(YEAR_MS / 2);
    await client.logIn(address);
    await pass(client, 3, ana);
  }
  await compact();
  for (const asked of [{ replicaUid: bob, since: 2 }, { replicaUid: bob, since: 0 }, { replicaUid: newReplica(), since: 2 }]) {
    expect(await refusalOf(client, asked)).toEqual([410, { error: 'gone' }]);
  }
  expect(await generationsOf(client, {})).toEqual([2]);
  await pass(client, 3, ana);
});

test('a replica that begins after tombstones were removed reads page by page, and so does one that reads anew; one that went back does not', async () => {
  const client = await provider.client().signUp();
  const [writer, reader] = [newReplica(), newReplica()];
  const documents = Array.from({ length: 4 }, () => newDocument({ class: 1 }));
  await client.push([...documents, tombstoneOf(documents[3]!)], writer);
  await pass(client, 5, writer);
  await compact();
  for (const _reading of ['first', 'anew']) {
    for (const since of [0, 1, 2, 3]) expect(await generationsOf(client, { replicaUid: reader, since: since as never, limit: 1 })).toEqual(since < 3 ? [since + 1] : []);
    await pass(client, 5, reader);
  }
  expect(await refusalOf(client, { replicaUid: reader, since: 2 })).toEqual([410, { error: 'gone' }]);
});

test('a document made anew after its tombstone was removed is a document like any other', async () => {
  const { client, ana, bob, deletedId: id } = await deletedDocument();
  await pass(client, 3, ana, bob);
  await compact();
  const anew = newDocument({ id, revision: `${revision(2)}|${'s'.repeat(22)}:1` });
  expect(await client.push([anew], bob)).toMatchObject({ generation: 4, outcomes: [{ outcome: 'inserted' }] });
  expect((await client.push([newDocument({ id, revision: revision(1) })], ana)).outcomes).toMatchObject([{ outcome: 'superseded' }]);
  expect(await generationsOf(client, { replicaUid: ana, since: 3 })).toEqual([4]);
});

test('processes that compact and push at once leave generations without gaps and the books of the account right', async () => {
  const client = await provider.client(0).signUp();
  const [writer, documents] = [newReplica(), Array.from({ length: 40 }, () => newDocument())];
  await client.push(documents, writer);
  await client.push(documents.map(tombstoneOf), writer);
  await pass(client, 80, writer);
  const other = provider.client(1).sharing(client);
  const removed = await Promise.all([compact(), other.push([newDocument()], writer), compact(), client.push([newDocument()], writer), compact()]);
  expect(removed.filter((result) => typeof result === 'number').reduce((sum, count) => sum + count, 0)).toBe(40);
  expect(await generationsOf(client, {})).toEqual([81, 82]);
  expect((await client.cbor(infoAnswer, 'GET', usersPaths.info)).usedBytes).toBe(2 * 'sealed'.length);
});

test('a head is remembered until every replica has gone past it; the newest one for ever', async () => {
  const client = await provider.client().signUp();
  const [ana, bob] = [newReplica(), newReplica()];
  const heads: Head[] = [];
  for (let push = 0; push < 4; push++) heads.push(await client.push([newDocument(), newDocument()], ana));
  const knows = async (replicaUid: ReplicaUid, { generation, transactionId }: Head, since = generation) => {
    const answer = await client.pullRaw({ replicaUid, since, known: { generation, transactionId } });
    return answer.status === 200 ? 'ok' : (jsonOf(answer) as { error: string }).error;
  };
  await pass(client, 4, ana, bob);
  await pass(client, 8, ana);
  await prune();
  expect([await knows(bob, heads[1]!), await knows(bob, { ...heads[1]!, transactionId: heads[2]!.transactionId })]).toEqual(['ok', 'transactionMismatch']);
  const stranger = newReplica();
  expect(await knows(stranger, heads[0]!, 0 as Generation)).toBe('generationUnknown');
  await pass(client, 8, bob, stranger);
  await prune();
  expect([await knows(ana, heads[3]!), await knows(bob, heads[3]!)]).toEqual(['ok', 'ok']);
  expect(await knows(newReplica(), heads[2]!, 0 as Generation)).toBe('generationUnknown');
});

test('an old copy of a replica, which knows a forgotten head, reads on; a head above what it ever passed is of another log', async () => {
  const client = await provider.client().signUp();
  const ana = newReplica();
  const heads: Head[] = [];
  for (let push = 0; push < 3; push++) heads.push(await client.push([newDocument(), newDocument()], ana));
  await pass(client, 6, ana);
  await prune();
  const { generation, transactionId } = heads[0]!;
  expect(await generationsOf(client, { replicaUid: ana, since: 2, own: true, known: { generation, transactionId } })).toEqual([3, 4, 5, 6]);
  for (const unknown of [5, 7, 100]) {
    const expected = unknown < 6 ? 200 : 409;
    expect([unknown, (await client.pullRaw({ replicaUid: ana, since: 2 as never, known: { generation: unknown as never, transactionId } })).status]).toEqual([unknown, expected]);
  }
});

test('what was forgotten is forgotten once, however many heads there are', async () => {
  const client = await provider.client().signUp();
  const ana = newReplica();
  for (let push = 0; push < 20; push++) await client.push([newDocument()], ana);
  await pass(client, 15, ana);
  await prune();
  const held = await new Database(dataSource).rows('SELECT generation FROM push_transaction WHERE account_id = $1 ORDER BY generation', [client.accountId]);
  expect(held).toEqual([15, 16, 17, 18, 19, 20].map((generation) => ({ generation })));
});
