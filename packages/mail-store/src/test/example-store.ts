// Document stores for this package's own tests: temporary files, fixed keys.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { StorageKeys } from '@paloma/crypto/secret';
import { openDocumentStore, type LocalDocumentStore, type Projection } from '@paloma/document-store';
import { parseAccountId, parseMailAddress, type Clock } from '@paloma/shared-model';
import { manualClock, seededRandom } from '@paloma/test-kit';
import type { ContractSubject } from '../contract/index.js';
import { createDocumentMailStore, mailProjections, type DocumentMailStore } from '../documents/index.js';

export const EXAMPLE_ACCOUNT = parseAccountId('ExampleAccount00000000');
const ADDRESS = parseMailAddress('ana@example.org');

export interface ExampleStore extends ContractSubject {
  store: DocumentMailStore;
  documents: LocalDocumentStore;
  clock: Clock;
  reopen(projections?: readonly Projection[]): Promise<ExampleStore>;
}

export function openExampleStore(directory: string, device = 'one'): ExampleStore {
  return openAt(join(mkdtempSync(join(directory, 'store-')), 'store.db'), device, mailProjections);
}

function openAt(path: string, device: string, projections: readonly Projection[]): ExampleStore {
  const keys = new StorageKeys(new Map([[1, seededRandom('roots').bytes(32)]]));
  const clock = manualClock();
  const documents = openDocumentStore({ path, databaseKey: keys.localDatabaseKey(), keys, accountId: EXAMPLE_ACCOUNT, random: seededRandom(device), projections });
  const store = createDocumentMailStore({ store: documents, accountId: EXAMPLE_ACCOUNT, address: ADDRESS, clock });
  const close = (): void => {
    store.close();
    documents.close();
  };
  const reopen = async (others = projections): Promise<ExampleStore> => {
    close();
    return openAt(path, device, others);
  };
  return { store, documents, clock, close, reopen };
}
