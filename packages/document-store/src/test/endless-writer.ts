// Runs as a process of its own and is killed: writes documents, their projection and blobs to the store named by its argument, and
// says after each commit how far it is.

import { parseBlobNamespace } from '@paloma/shared-model';
import { systemRandom } from '@paloma/crypto/public';
import { openDocumentStore, type LocalDocumentStore } from '../local/local-document-store.js';
import { EXAMPLE_ACCOUNT_ID, exampleKeys } from './example-account.js';
import { nameProjection } from './name-projection.js';

const DOCUMENTS_PER_COMMIT = 20;

export function openWrittenStore(path: string): LocalDocumentStore {
  const keys = exampleKeys();
  return openDocumentStore({ path, databaseKey: keys.localDatabaseKey(), keys, accountId: EXAMPLE_ACCOUNT_ID, projections: [nameProjection], random: systemRandom });
}

function writeForEver(path: string): void {
  const store = openWrittenStore(path);
  for (let commit = store.list('identity').length / DOCUMENTS_PER_COMMIT; ; commit++) {
    store.transact((transaction) => {
      transaction.putAll('identity', Array.from({ length: DOCUMENTS_PER_COMMIT }, (_, n) => {
        const identityId = `${commit}-${n}`;
        return { localPart: identityId, content: { identityId, address: 'ana@example.org', name: identityId, textSignature: 'x'.repeat(2000) } };
      }));
      store.putBlob(parseBlobNamespace('attachments'), new Uint8Array(20_000).fill(commit));
    });
    process.stdout.write(`${(commit + 1) * DOCUMENTS_PER_COMMIT}\n`);
  }
}

const [, script, path] = process.argv;
if (path !== undefined && script === import.meta.filename) writeForEver(path);
