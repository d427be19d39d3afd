import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { fc, property, seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { compareRevisions, type BlobNamespace, type EmailDocument, type IdentityDocument } from '@paloma/shared-model';
import type { DocumentChange, Projection } from '../document-store.js';
import type { DatabaseCipher } from './encrypted-database.js';
import { MAX_DOCUMENT_BYTES } from './document-content.js';
import { openDocumentStore, type LocalDocumentStore, type OpenDocumentStoreOptions } from './local-document-store.js';
import { EXAMPLE_ACCOUNT_ID, exampleKeys } from '../test/example-account.js';
import { nameProjection, projectedNames } from '../test/name-projection.js';

const directory = temporaryDirectory();
const openStores: LocalDocumentStore[] = [];
const attachments = 'attachments' as BlobNamespace;
afterEach(() => openStores.splice(0).forEach((store) => store.close()));

function newPath(): string {
  return join(mkdtempSync(join(directory, 'store-')), 'store.db');
}

function open(options: Partial<OpenDocumentStoreOptions> = {}): LocalDocumentStore {
  const keys = exampleKeys();
  const store = openDocumentStore({ path: newPath(), databaseKey: keys.localDatabaseKey(), keys, accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('replica'), ...options });
  openStores.push(store);
  return store;
}

function reopen(store: LocalDocumentStore, options: Partial<OpenDocumentStoreOptions> & { path: string }): LocalDocumentStore {
  openStores.splice(openStores.indexOf(store), 1);
  store.close();
  return open(options);
}

const identity = (name: string): IdentityDocument => ({ identityId: 'a', address: 'ana@example.org', name, textSignature: '' });

describe.each<[DatabaseCipher]>([['aegis'], ['sqlcipher']])('local document store over %s', (cipher) => {
  test('a document comes back as it was put, also after the store was closed', () => {
    const path = newPath();
    const store = open({ path, cipher });
    store.transact((transaction) => transaction.put('identity', 'a', identity('Ana')), { durable: true });
    const again = reopen(store, { path, cipher, replicaUid: undefined, random: seededRandom('other') });
    expect(again.get('identity', 'a')?.content).toEqual(identity('Ana'));
    expect(again.replicaUid).toBe(store.replicaUid);
  });

  test('members of many documents come together, of those that are there', () => {
    const store = open({ cipher });
    const message = (messageId: string) => ({ messageId, octets: Buffer.from(`octets of ${messageId}`) });
    const keys = store.transact((transaction) => ['a', 'b', 'c'].map((id) => transaction.put('message-content', id, message(id))));
    const other = store.transact((transaction) => transaction.put('identity', 'a', identity('Ana')));
    store.transact((transaction) => transaction.delete('message-content', 'b'));
    const query = { text: 'SELECT key AS number, value AS documentKey FROM json_each(?)', asked: [...keys.toReversed(), other, other + 1] };
    const octets = [...store.getMembers('message-content', query, ['octets'])].map(([number, members]) => [number, Buffer.from(members.octets).toString()]);
    expect(octets).toEqual([[0, 'octets of c'], [2, 'octets of a']]);
  });

  test('a document has one number as long as it is known, changed, deleted and opened anew; later ones have higher numbers', () => {
    const path = newPath();
    const store = open({ path, cipher });
    const put = (id: string, name: string) => (to: LocalDocumentStore) => to.transact((transaction) => transaction.put('identity', id, identity(name)));
    const [first, second] = [put('a', 'Ana')(store), put('b', 'Bea')(store)];
    expect(second).toBeGreaterThan(first);
    const told: DocumentChange[] = [];
    store.subscribe((changes) => void told.push(...changes));
    expect(put('a', 'Ana')(store)).toBe(first);
    expect(put('a', 'Cleo')(store)).toBe(first);
    store.transact((transaction) => transaction.delete('identity', 'a'));
    const again = reopen(store, { path, cipher });
    expect(put('a', 'Dora')(again)).toBe(first);
    expect(put('c', 'Eva')(again)).toBeGreaterThan(second);
    expect(again.list('identity').map(({ documentKey }) => documentKey)).toContain(first);
    expect(told.map(({ documentKey }) => documentKey)).toEqual([first, first]);
  });

  test('what is read ahead in a transaction is read as it was written since', () => {
    const store = open({ cipher });
    const documentKeys = store.transact((transaction) => ['a', 'b', 'c'].map((id) => transaction.put('identity', id, identity('Ana'))));
    const changes: (readonly DocumentChange[])[] = [];
    store.subscribe((change) => void changes.push(change));
    const names = store.transact((transaction) => {
      transaction.prefetch([...documentKeys, 999]);
      transaction.put('identity', 'a', identity('Bea'));
      transaction.put('identity', 'a', identity('Cleo'));
      transaction.delete('identity', 'b');
      transaction.put('identity', 'nobody', identity('Dora'));
      return ['a', 'b', 'c', 'nobody'].map((id) => transaction.get('identity', id)?.content.name ?? null);
    });
    expect(names).toEqual(['Cleo', null, 'Ana', 'Dora']);
    const nameOf = (content: unknown): string | null => (content as IdentityDocument | null)?.name ?? null;
    expect(changes.flat().map(({ before, after }) => [nameOf(before), nameOf(after)])).toEqual([['Ana', 'Bea'], ['Bea', 'Cleo'], ['Ana', null], [null, 'Dora']]);
    expect(compareRevisions(store.get('identity', 'a')!.revision, store.get('identity', 'c')!.revision)).toBe('newer');
  });

  test('documents that are put together reach projections together, but for those that stay as they are', () => {
    const heard: string[][] = [];
    const listening: Projection = { ...nameProjection, apply: (changes, sql) => { heard.push(changes.map(({ documentId }) => documentId)); nameProjection.apply(changes, sql); } };
    const store = open({ cipher, projections: [listening] });
    const put = (...names: [localPart: string, name: string][]): number[] => store.transact((transaction) => transaction.putAll('identity', names.map(([localPart, name]) => ({ localPart, content: identity(name) }))));
    const [a, b] = put(['a', 'Ana'], ['b', 'Bea']);
    const revision = store.get('identity', 'a')!.revision;
    expect(put(['c', 'Cleo'], ['a', 'Ana'], ['b', 'Berta'])).toEqual([expect.any(Number), a, b]);
    expect(put(['a', 'Ana'])).toEqual([a]);
    expect(heard).toEqual([['identity:a', 'identity:b'], ['identity:c', 'identity:b']]);
    expect(projectedNames(store.sql)).toEqual(['Ana', 'Berta', 'Cleo']);
    expect(store.get('identity', 'a')!.revision).toBe(revision);
    expect([...store.documents.dirtyAfter(0, store.documents.lastSequence)].map(({ documentId }) => documentId)).toEqual(['identity:a', 'identity:c', 'identity:b']);
  });

  test('documents that are put together are put or not, all of them', () => {
    const store = open({ cipher, projections: [nameProjection] });
    store.transact((transaction) => transaction.put('identity', 'a', identity('Ana')));
    const putAll = (...names: [localPart: string, name: string][]) => () => store.transact((transaction) => transaction.putAll('identity', names.map(([localPart, name]) => ({ localPart, content: identity(name) }))));
    expect(putAll(['a', 'Bea'], ['b', 'x'.repeat(MAX_DOCUMENT_BYTES)])).toThrow(expect.objectContaining({ code: 'tooLarge' }));
    expect(putAll(['a', 'Bea'], ['a', 'Cleo'])).toThrow('different ones');
    expect(store.list('identity').map(({ content }) => content.name)).toEqual(['Ana']);
    expect(projectedNames(store.sql)).toEqual(['Ana']);
    expect(store.documents.countDirty()).toBe(1);
  });

  test('the file opens with its own key alone and shows nothing of what is in it', () => {
    const path = newPath();
    const store = open({ path, cipher });
    expect(() => reopen(store, { path, cipher, databaseKey: new Uint8Array(32) })).toThrow(expect.objectContaining({ code: 'wrongDatabaseKey' }));
    expect(() => reopen(open({ path, cipher }), { path, cipher, accountId: 'B'.repeat(22) as never })).toThrow(expect.objectContaining({ code: 'wrongAccount' }));
  });

  test('a file that is open is not opened again', () => {
    const path = newPath();
    const store = open({ path, cipher });
    expect(() => open({ path, cipher })).toThrow(expect.objectContaining({ code: 'databaseInUse' }));
    reopen(store, { path, cipher });
  });

  test('each change makes a newer revision, and putting the same content changes nothing', () => {
    const store = open({ cipher });
    const revisionAfter = (name: string) => {
      store.transact((transaction) => transaction.put('identity', 'a', identity(name)));
      return store.get('identity', 'a')!.revision;
    };
    const [first, second, third] = [revisionAfter('Ana'), revisionAfter('Ana M'), revisionAfter('Ana M')];
    expect(compareRevisions(second!, first!)).toBe('newer');
    expect(third).toBe(second);
  });

  test('a deleted document is gone from lists and stays known', () => {
    const store = open({ cipher, projections: [nameProjection] });
    store.transact((transaction) => transaction.put('identity', 'a', identity('Ana')));
    store.transact((transaction) => transaction.delete('identity', 'a'));
    expect([store.get('identity', 'a'), store.list('identity'), projectedNames(store.sql)]).toEqual([null, [], []]);
    expect(store.transact((transaction) => [transaction.isKnown('identity', 'a'), transaction.isKnown('identity', 'b')])).toEqual([true, false]);
  });

  test('a transaction that throws leaves nothing: no document, no projection, no mark, no event', () => {
    const store = open({ cipher, projections: [nameProjection] });
    const heard: DocumentChange[] = [];
    store.subscribe((changes) => heard.push(...changes));
    const failing = () => store.transact((transaction) => {
      transaction.nextMarkClock();
      transaction.put('identity', 'a', identity('Ana'));
      expect(projectedNames(transaction.sql)).toEqual(['Ana']);
      throw new Error('no');
    });
    expect(failing).toThrow('no');
    expect([store.get('identity', 'a'), projectedNames(store.sql), heard]).toEqual([null, [], []]);
    expect(store.transact((transaction) => transaction.nextMarkClock().counter)).toBe(1);
  });

  test('listeners hear of every commit in order, also of one made by a listener', () => {
    const store = open({ cipher });
    const heard: unknown[] = [];
    store.subscribe(([change]) => {
      if ((change!.after as IdentityDocument).name === 'Ana') store.transact((transaction) => transaction.put('identity', 'b', identity('Bea')));
    });
    store.subscribe((changes) => heard.push(changes.map(({ before, after }) => [before, (after as IdentityDocument).name])));
    store.transact((transaction) => transaction.put('identity', 'a', identity('Ana')));
    expect(heard).toEqual([[[null, 'Ana']], [[null, 'Bea']]]);
  });

  test('a projection of another version is built again from the documents', () => {
    const path = newPath();
    const store = open({ path, cipher, projections: [nameProjection] });
    store.transact((transaction) => {
      for (let n = 0; n < 450; n++) transaction.put('identity', `a${n}`, identity(`n${n}`));
      transaction.delete('identity', 'a7');
    });
    const upper: Projection = { ...nameProjection, version: 2, apply: (changes, sql) => nameProjection.apply(changes.map((change) => ({ ...change, after: { ...(change.after as object), name: 'X' } })), sql) };
    expect(new Set(projectedNames(reopen(store, { path, cipher, projections: [upper] }).sql))).toEqual(new Set(['X']));
    expect(projectedNames(openStores[0]!.sql)).toHaveLength(449);
  });

  test('mark clocks grow past every mark that was seen, over a restart too', () => {
    const path = newPath();
    const store = open({ path, cipher });
    const email: EmailDocument = { emailId: 'e', messageId: 'm', receivedAtMs: 0, mailboxes: {}, keywords: { $seen: { isSet: true, clock: { counter: 41, replica: 'z' } } } };
    store.transact((transaction) => transaction.put('email', 'e', email));
    const again = reopen(store, { path, cipher });
    expect(again.transact((transaction) => transaction.nextMarkClock())).toEqual({ counter: 42, replica: store.replicaUid });
  });

  test('the same octets in two namespaces are two blobs; a blob that is nowhere leaves no trace', async () => {
    const store = open({ cipher });
    const octets = new Uint8Array([1, 2, 3]);
    const here = store.putBlob(attachments, octets);
    const there = store.putBlob('drafts' as BlobNamespace, octets);
    expect(here).not.toBe(there);
    expect(await store.getBlob(attachments, store.putBlob(attachments, octets))).toEqual(octets);
    expect([store.getLocalBlob(attachments, store.putBlob(attachments, octets)), store.getLocalBlob(attachments, there)]).toEqual([octets, null]);
    await expect(store.getBlob(attachments, there)).rejects.toMatchObject({ code: 'blobUnavailable' });
    store.useBlobSource({ fetchBlobPart: async () => null, downloadBlobs: async () => [] });
    await expect(store.getBlob(attachments, there)).rejects.toMatchObject({ code: 'blobMissing' });
    expect(store.blobs.stateOf({ namespace: attachments, blobId: there })).toBeNull();
  });

  test('a blob that is local only is not pending, until it is put without that wish', () => {
    const store = open({ cipher });
    const blobId = store.putBlob(attachments, new Uint8Array([9]), { isLocalOnly: true });
    expect(store.blobs.countPending()).toBe(0);
    expect(store.putBlob(attachments, new Uint8Array([9]))).toBe(blobId);
    expect(store.blobs.countPending()).toBe(1);
  });

  test('a document over the limit is refused before it is stored', () => {
    const store = open({ cipher });
    const tooLarge = () => store.transact((transaction) => transaction.put('message-content', 'm', { messageId: 'm', octets: new Uint8Array(1_000_001) }));
    expect(tooLarge).toThrow(expect.objectContaining({ code: 'tooLarge' }));
  });
});

property('projections built change by change and built anew are the same', fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.option(fc.string({ maxLength: 3 })))), (edits) => {
  const path = newPath();
  const store = open({ path, projections: [nameProjection] });
  for (const [id, name] of edits) {
    store.transact((transaction) => name === null ? transaction.delete('identity', `a${id}`) : transaction.put('identity', `a${id}`, identity(name)));
  }
  const incremental = projectedNames(store.sql);
  expect(projectedNames(reopen(store, { path, projections: [{ ...nameProjection, version: 2 }] }).sql)).toEqual(incremental);
}, { numRuns: 20 });
