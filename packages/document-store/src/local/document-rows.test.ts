import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { EXAMPLE_ACCOUNT_ID, exampleKeys } from '../test/example-account.js';
import { openDocumentStore, type LocalDocumentStore } from './local-document-store.js';

const path = join(temporaryDirectory(), 'store.db');
const keys = exampleKeys();
const open = (): LocalDocumentStore => openDocumentStore({ path, databaseKey: keys.localDatabaseKey(), keys, accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('rows') });

function put(store: LocalDocumentStore, name: string): void {
  store.transact((transaction) => {
    transaction.put('message', name, { messageId: name } as never);
    transaction.put('message-content', name as never, { messageId: name as never, octets: new Uint8Array(10) });
    transaction.put('device', name, { name } as never);
    if (name === 'lost') throw new Error('rolled back');
  });
}

function namesByRow(store: LocalDocumentStore): string[] {
  return store.sql.all<{ documentId: string }>('SELECT document_id AS documentId FROM documents ORDER BY row_id').map(({ documentId }) => documentId);
}

test('messages, their contents and what changes stand apart, each in the order in which they came, also after a transaction that was rolled back and when it is opened anew', () => {
  const store = open();
  put(store, 'a');
  expect(() => put(store, 'lost')).toThrow('rolled back');
  put(store, 'b');
  store.close();
  const again = open();
  put(again, 'c');
  expect(namesByRow(again)).toEqual(['message:a', 'message:b', 'message:c', 'message-content:a', 'message-content:b', 'message-content:c', 'device:a', 'device:b', 'device:c']);
  again.close();
});
