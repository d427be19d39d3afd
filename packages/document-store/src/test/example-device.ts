import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { manualClock, seededRandom } from '@paloma/test-kit';
import type { Projection } from '../document-store.js';
import { openDocumentStore, type LocalDocumentStore } from '../local/local-document-store.js';
import type { SyncTransport } from '../provider/sync-transport.js';
import { SyncEngine, type SyncEngineOptions } from '../sync/sync-engine.js';
import { EXAMPLE_ACCOUNT_ID, exampleKeys } from './example-account.js';
import { FaultyTransport } from './faulty-transport.js';

export interface ExampleDevice {
  store: LocalDocumentStore;
  engine: SyncEngine;
  network: FaultyTransport;
  /** Its database file. */
  path: string;
}

type DeviceOptions = Partial<SyncEngineOptions> & { projections?: Projection[] };

/** A device of the example account: its own store in `directory`, its own network to the provider. The caller closes the store. */
export function exampleDevice(name: string, directory: string, provider: SyncTransport, options: DeviceOptions = {}): ExampleDevice {
  return openDevice(name, join(mkdtempSync(join(directory, 'device-')), 'store.db'), provider, options);
}

/** The same with a database file that is there, as after a restart of its program. */
export function openDevice(name: string, path: string, provider: SyncTransport, options: DeviceOptions = {}): ExampleDevice {
  const keys = exampleKeys();
  const random = seededRandom(name);
  const store = openDocumentStore({ path, databaseKey: keys.localDatabaseKey(), keys, accountId: EXAMPLE_ACCOUNT_ID, random, projections: options.projections ?? [] });
  const network = new FaultyTransport(provider);
  return { store, network, path, engine: new SyncEngine({ store, transport: network, clock: manualClock(), random, ...options }) };
}

/** Every document of a store with its revision and octets: equal for two stores that have converged. */
export function contentsOf(store: LocalDocumentStore): string[] {
  return store.sql.all<{ line: string }>(`SELECT document_id || ' ' || revision || ' ' || coalesce(hex(content), 'deleted') AS line FROM documents ORDER BY document_id`)
    .map(({ line }) => line);
}
