import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import { EXAMPLE_ACCOUNT_ID, exampleKeys } from '../test/example-account.js';
import { EncryptedDatabase } from './encrypted-database.js';
import { openDocumentStore } from './local-document-store.js';
import { migrateSchema } from './schema-migrations.js';

const directory = temporaryDirectory();
const REPLICA = 'R'.repeat(22);
const mail = 'mail' as BlobNamespace;

test('a file of the first schema keeps what waits to go up, what went up, and its blobs', async () => {
  const keys = exampleKeys();
  const path = join(directory, 'store.db');
  const old = new EncryptedDatabase(path, keys.localDatabaseKey(), 'aegis');
  migrateSchema(old, 1);
  old.run(`INSERT INTO documents VALUES (1, 'identity:a', 'identity', 1, 0, '${REPLICA}:2', '${REPLICA}:1', 7, x'a0'), (2, 'identity:b', 'identity', 1, 0, '${REPLICA}:1', NULL, NULL, x'a0'),
    (3, 'message-content:c', 'message-content', 1, 2, '${REPLICA}:1', NULL, 3, x'a0')`);
  old.run(`INSERT INTO blobs VALUES (1, 'mail', 'here', 'pendingUpload', 1, x'01'), (2, 'mail', 'there', 'remoteOnly', 1, NULL)`);
  old.close();

  const store = openDocumentStore({ path, databaseKey: keys.localDatabaseKey(), keys, accountId: EXAMPLE_ACCOUNT_ID, random: seededRandom('schema') });
  expect([...store.documents.dirtyAfter(0, 100)]).toMatchObject([
    { documentId: 'message-content:c', rowId: 3, baseRevision: null, dirtySequence: 3 },
    { documentId: 'identity:a', rowId: 2 ** 40 + 1, baseRevision: `${REPLICA}:1`, dirtySequence: 7 },
  ]);
  expect(store.documents.lastSequence).toBe(7);
  expect(store.documents.listOfType('identity')).toHaveLength(2);
  expect(await store.getBlob(mail, 'here' as BlobId)).toEqual(new Uint8Array([1]));
  expect(store.blobs.stateOf({ namespace: mail, blobId: 'there' as BlobId })).toBe('remoteOnly');
  store.close();
});
