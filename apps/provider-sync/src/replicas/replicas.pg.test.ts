import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { infoAnswer, usersPaths, type PushItem } from '@paloma/sync-protocol';
import type { DataSource } from 'typeorm';
import { connectDatabase } from '../database/connect.js';
import { Database } from '../database/database.js';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, newDocument, newReplica, type TestClient } from '../test/test-client.js';
import { TombstoneCompaction } from './tombstone-compaction.js';

const YEAR_MS = 365 * 24 * 60 * 60_000;
const provider = providerForTests({}, 2);
let dataSource: DataSource;
beforeAll(async () => { dataSource = await connectDatabase(provider.databaseUrl); });
afterAll(() => dataSource.destroy());
const compact = () => new TombstoneCompaction(new Database(dataSource), provider.clock).run();

const revision = (count: number) => `${'r'.repeat(22)}:${count}`;
const tombstoneOf = ({ id, class: documentClass }: PushItem) => newDocument({ id, class: documentClass, revision: revision(2), tombstone: true, sealed: new Uint8Array(5) });
const generationsOf = async (client: TestClient, asked: object) => (await client.pull(asked)).items.map(({ generation }) => Number(generation));
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
    expect(await generationsOf(client, { replicaUid: bob })).toEqual([2, 3, 4]);
    await pass(client, 4, waitedFor);
  }
  await compact();
  expect(await generationsOf(client, { replicaUid: bob })).toEqual([2, 4]);
});

test('a replica has passed a generation when it has in every class that it reads', async () => {
  const client = await provider.client().signUp();
  const [writer, documents] = [newReplica(), [newDocument({ class: 0 }), newDocument({ class: 1 })]];
  await client.push([...documents, ...documents.map(tombstoneOf)], writer);
  const writerPasses = (documentClass: number, since: number) => client.pull({ replicaUid: writer, classes: [documentClass] as never, since: since as never });
  await writerPasses(1, 4);
  await writerPasses(0, 2);
  await compact();
  expect(await generationsOf(client, { replicaUid: writer, classes: [0, 1], own: true })).toEqual([3, 4]);
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
