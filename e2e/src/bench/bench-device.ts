// One device of the sync bench: a real encrypted store with its sync engine, without mail, in a process of its own. The parent
// asks for one method at a time and gets back the result and how long it took here.

import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccountVault, HttpsSyncTransport, openDocumentStore, ProviderConnection, SyncEngine, type LocalDocumentStore, type SyncReport } from '@paloma/document-store';
import { parseBlobNamespace, parseMailAddress, Redacted, systemClock, type BlobId } from '@paloma/shared-model';

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };
const NAMESPACE = parseBlobNamespace('bench');

export interface DeviceAccount {
  /** `signUp` makes the account, `signIn` is a fresh device of it. */
  mode: 'signUp' | 'signIn';
  apiUrl: string;
  authorityFile: string;
  address: string;
  directory: string;
}

class BenchDevice {
  #connection: ProviderConnection;
  #store: LocalDocumentStore;
  #engine: SyncEngine;
  #requests = 0;

  constructor() {
    subscribe('undici:request:create', () => { this.#requests += 1; });
  }

  async open({ mode, apiUrl, authorityFile, address, directory }: DeviceAccount): Promise<void> {
    mkdirSync(directory, { recursive: true });
    this.#connection = new ProviderConnection({ apiUrl, certificateAuthorities: readFileSync(authorityFile, 'utf8') });
    const vault = new AccountVault({ secretsPath: join(directory, 'secrets.json'), random });
    const outcome = await vault[mode](this.#connection, { address: parseMailAddress(address), passphrase: new Redacted(`passphrase of ${address}`) });
    if (!outcome.ok) throw new Error(`bench: ${mode} was refused: ${outcome.refusal}`);
    const { accountId, keys, replicaUid, token } = outcome.account;
    this.#store = openDocumentStore({ path: join(directory, 'store.db'), databaseKey: keys.localDatabaseKey(), keys, accountId, replicaUid, random });
    const transport = new HttpsSyncTransport(this.#connection.withSession(token));
    this.#engine = new SyncEngine({ store: this.#store, transport, clock: systemClock, random });
  }

  /** Documents of the type that holds the octets of messages. */
  async putDocuments(count: number, sizeBytes: number): Promise<void> {
    this.#store.transact((transaction) => {
      for (let index = 0; index < count; index += 1) {
        const messageId = randomBytes(16).toString('base64url');
        transaction.put('message-content', messageId, { messageId, octets: random.bytes(sizeBytes) });
      }
    });
  }

  async putBlobs(count: number, sizeBytes: number): Promise<BlobId[]> {
    return this.#store.transact(() => Array.from({ length: count }, () => this.#store.putBlob(NAMESPACE, random.bytes(sizeBytes))));
  }

  async sync(): Promise<SyncReport> {
    const report = await this.#engine.sync();
    if (report.failure) throw new Error(`bench: sync failed: ${report.failure.code}`);
    return report;
  }

  /** Asks for all of them at once. */
  async getBlobs(blobIds: readonly BlobId[]): Promise<number> {
    const blobs = await Promise.all(blobIds.map((blobId) => this.#store.getBlob(NAMESPACE, blobId)));
    return blobs.length;
  }

  /** HTTP requests since the process started. */
  async requests(): Promise<number> {
    return this.#requests;
  }

  async close(): Promise<void> {
    this.#store.close();
    await this.#connection.close();
  }
}

/** What a parent may ask for. */
export type DeviceMethods = Pick<BenchDevice, keyof BenchDevice>;
export interface DeviceRequest {
  method: keyof DeviceMethods;
  parameters: unknown[];
}
export type DeviceAnswer = { result: unknown; durationMs: number } | { error: string };

const device = new BenchDevice();

async function answer({ method, parameters }: DeviceRequest): Promise<DeviceAnswer> {
  const startMs = performance.now();
  try {
    const result = await (device[method] as (...parameters: unknown[]) => Promise<unknown>).apply(device, parameters);
    return { result, durationMs: performance.now() - startMs };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (request: DeviceRequest) => void answer(request).then((message) => process.send!(message)));
