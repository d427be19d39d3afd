// The document store over one encrypted SQLite file: wires tables, projections, marks and the change feed together and is the
// one place where transactions begin and end. The sync engine works on the same object, through `commit` and the tables.

import assert from 'node:assert/strict';
import {
  Redacted, parseReplicaUid,
  type AccountId, type BlobId, type BlobNamespace, type ContentOf, type DocumentType, type RandomSource, type ReplicaUid,
} from '@paloma/shared-model';
import type { StorageKeys } from '@paloma/crypto/secret';
import type { DocumentQuery, DocumentStore, DocumentTransaction, Projection, Sql, StoredDocument } from '../document-store.js';
import type { ObservableState } from '../observable-state.js';
import { StoreError } from '../store-error.js';
import type { BlobSource } from './blob-fetcher.js';
import { BlobStore } from './blob-store.js';
import type { BlobStatus } from './blob-status.js';
import { BlobTable } from './blob-table.js';
import { ChangeFeed, type ChangeListener } from './change-feed.js';
import { Commit, documentIdOf, storedDocument } from './commit.js';
import { memberReader } from './content-member.js';
import { DocumentTable } from './document-table.js';
import { EncryptedDatabase, type DatabaseCipher } from './encrypted-database.js';
import { MarkCounter } from './mark-counter.js';
import { MetaTable } from './meta-table.js';
import { ProjectionSet } from './projection-set.js';
import { migrateSchema } from './schema-migrations.js';
import { SetAsideTable } from './set-aside-table.js';
import { UnfinishedDownloads } from './unfinished-downloads.js';
import { UnconfirmedTable } from './unconfirmed-table.js';
import { WriteLedger } from './write-ledger.js';

export interface OpenDocumentStoreOptions {
  /** The database file; made when it is not there. Its directory must exist. */
  path: string;
  /** 32 octets, `StorageKeys.localDatabaseKey()`. */
  databaseKey: Uint8Array;
  keys: StorageKeys;
  accountId: AccountId;
  /** Uid of a new store. A store that is there keeps its own; a lost store must not come back under its old uid. */
  replicaUid?: ReplicaUid;
  projections?: readonly Projection[];
  random: RandomSource;
  cipher?: DatabaseCipher;
  /** Octets of blobs to keep on this device; above it, what the provider has too is given up. Null, or left out: all of them. */
  blobBudgetBytes?: number | null;
}

/** Uids that a store remembers of its own past. Renewals are years apart; a store that is put back every day forgets the first. */
const MAX_FORMER_REPLICAS = 16;

/** Raise it when what a ledger hashes changes. */
const LEDGER_VERSION = 1;

interface CommitOptions {
  durable?: boolean;
}

/**
 * Opens the store of one account, makes or upgrades its tables and rebuilds projections whose version changed.
 * @throws {StoreError} "wrongDatabaseKey", "databaseInUse", "wrongAccount", "needsNewerVersion"
 */
export function openDocumentStore(options: OpenDocumentStoreOptions): LocalDocumentStore {
  const database = new EncryptedDatabase(options.path, options.databaseKey, options.cipher ?? 'aegis');
  try {
    migrateSchema(database);
    return new LocalDocumentStore(database, options);
  } catch (error) {
    database.close();
    throw error;
  }
}

export class LocalDocumentStore implements DocumentStore {
  readonly accountId: AccountId;
  readonly keys: StorageKeys;
  /** Tables of the store itself, for the sync engine. Writes to them belong into `commit`. */
  readonly documents: DocumentTable;
  readonly blobs: BlobTable;
  readonly setAside: SetAsideTable;
  readonly unconfirmed: UnconfirmedTable;
  readonly meta: MetaTable;
  readonly ledger: WriteLedger;

  #replicaUid: ReplicaUid;
  readonly #database: EncryptedDatabase;
  readonly #projections: ProjectionSet;
  readonly #marks: MarkCounter;
  readonly #blobStore: BlobStore;
  readonly #feed = new ChangeFeed();

  /** @internal Made by `openDocumentStore`. */
  constructor(database: EncryptedDatabase, { accountId, keys, replicaUid, projections, random, blobBudgetBytes = null }: OpenDocumentStoreOptions) {
    this.#database = database;
    this.accountId = accountId;
    this.keys = keys;
    this.meta = new MetaTable(database);
    this.ledger = new WriteLedger(database, keys);
    this.documents = new DocumentTable(database, this.ledger);
    this.blobs = new BlobTable(database);
    this.setAside = new SetAsideTable(database);
    this.unconfirmed = new UnconfirmedTable(database);
    this.#blobStore = new BlobStore({
      table: this.blobs, unfinished: new UnfinishedDownloads(database), keys, accountId, budgetBytes: blobBudgetBytes,
      inTransaction: (work) => (database.isInTransaction ? work() : database.transaction(work, false)),
    });
    this.#projections = new ProjectionSet(projections ?? [], database);
    this.#replicaUid = this.#adopt(replicaUid ?? newReplicaUid(random));
    this.#marks = new MarkCounter(this.meta, () => this.#replicaUid);
    database.transaction(() => this.#projections.rebuild(this.documents), false);
    this.#fillLedger();
  }

  /** Of this copy of the account: stays, but for `renewReplica`. */
  get replicaUid(): ReplicaUid {
    return this.#replicaUid;
  }

  /** Under which this copy wrote before, and nobody writes any more: what they owned is ours. */
  get formerReplicaUids(): ReadonlySet<ReplicaUid> {
    const listed = String(this.meta.load('formerReplicaUids') ?? '');
    return new Set(listed === '' ? [] : listed.split(' ').map(parseReplicaUid));
  }

  get sql(): Sql {
    return this.#database;
  }

  transact<R>(work: (transaction: DocumentTransaction) => R, options: CommitOptions = {}): R {
    return this.commit(work, options);
  }

  /** `transact` for the sync engine, which also receives documents and moves cursors. */
  commit<R>(work: (commit: Commit) => R, { durable = false }: CommitOptions = {}): R {
    assert(!this.#database.isInTransaction, 'transactions do not nest');
    const commit = new Commit({ sql: this.#database, replicaUid: this.replicaUid, documents: this.documents, projections: this.#projections, marks: this.#marks, ledger: this.ledger });
    const result = this.#inTransaction(commit, work, durable);
    this.#feed.publish(commit.changes);
    return result;
  }

  /**
   * Goes on as another replica: the old uid was used elsewhere, by a newer state of this very store or by a copy of it, or it is
   * spent. Edits that wait are kept, as edits of the new replica. `runsElsewhere`: a copy of this store goes on under the old uid.
   */
  renewReplica(random: RandomSource, { runsElsewhere = false } = {}): void {
    const replicaUid = newReplicaUid(random);
    this.commit(() => {
      if (!runsElsewhere) this.meta.save('formerReplicaUids', [...this.formerReplicaUids, this.#replicaUid].slice(-MAX_FORMER_REPLICAS).join(' '));
      this.meta.save('replicaUid', replicaUid);
      this.meta.save('isHeadInherited', 1);
      this.documents.reviseDirty(replicaUid);
    }, { durable: true });
    this.#replicaUid = replicaUid;
  }

  /** Returns when every commit so far is on disk. Writes something, because SQLite syncs nothing for an empty transaction. */
  flush(): void {
    this.commit(() => this.meta.save('flushes', this.meta.loadNumber('flushes') + 1), { durable: true });
  }

  get<T extends DocumentType>(type: T, localPart: string): StoredDocument<T> | null {
    const row = this.documents.find(documentIdOf(type, localPart));
    return row && storedDocument<T>(row);
  }

  list<T extends DocumentType>(type: T): StoredDocument<T>[] {
    return this.documents.listOfType(type).map((row) => storedDocument<T>(row)).filter((document) => document !== null);
  }

  getMembers<T extends DocumentType, Name extends string & keyof ContentOf<T>>(type: T, query: DocumentQuery, names: readonly Name[]): Map<number, Pick<ContentOf<T>, Name>> {
    const found = new Map<number, Pick<ContentOf<T>, Name>>();
    const membersOf = memberReader(names);
    for (const [number, content] of this.documents.contentsOf(type, query)) found.set(number, membersOf(content) as Pick<ContentOf<T>, Name>);
    return found;
  }

  subscribe(listener: ChangeListener): () => void {
    return this.#feed.subscribe(listener);
  }

  putBlob(namespace: BlobNamespace, octets: Uint8Array, options: { isLocalOnly?: boolean } = {}): BlobId {
    return this.#blobStore.put(namespace, octets, options.isLocalOnly ?? false);
  }

  getBlob(namespace: BlobNamespace, blobId: BlobId, { signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    return this.#blobStore.get({ namespace, blobId }, signal);
  }

  getLocalBlob(namespace: BlobNamespace, blobId: BlobId): Uint8Array | null {
    return this.#blobStore.getLocal({ namespace, blobId });
  }

  fetchBlobAhead(namespace: BlobNamespace, blobId: BlobId, newness: number): void {
    this.#blobStore.fetchAhead({ namespace, blobId }, newness);
  }

  pinBlob(namespace: BlobNamespace, blobId: BlobId): void {
    this.#blobStore.pin({ namespace, blobId });
  }

  unpinBlob(namespace: BlobNamespace, blobId: BlobId): void {
    this.#blobStore.unpin({ namespace, blobId });
  }

  evictBlob(namespace: BlobNamespace, blobId: BlobId): void {
    this.#blobStore.evict({ namespace, blobId });
  }

  deleteBlob(namespace: BlobNamespace, blobId: BlobId): void {
    this.#blobStore.delete({ namespace, blobId });
  }

  /** Observable: what waits, what is under way, and how much is here. */
  blobStatus(): ObservableState<BlobStatus> {
    return this.#blobStore.status();
  }

  /** In octets; null: no bound. What is above it goes some at a time. */
  setBlobBudget(budgetBytes: number | null): void {
    this.#blobStore.setBudget(budgetBytes);
  }

  /** For the sync engine, whenever blobs went up: fetches what is pinned and gives up what is above the budget. */
  settleBlobs(): void {
    this.#blobStore.settle();
  }

  /** Connects the provider that `getBlob` asks; null disconnects it. */
  useBlobSource(source: BlobSource | null): void {
    this.#blobStore.useSource(source);
  }

  deriveId(purpose: string, text: string | Uint8Array): string {
    return this.keys.deriveId(purpose, text);
  }

  /** The session at the provider, kept where it is sealed with everything else. */
  loadSession(): Redacted<string> | null {
    const token = this.meta.load('session');
    return token === null ? null : new Redacted(String(token));
  }

  saveSession(token: Redacted<string> | null): void {
    if (token) this.meta.save('session', token.reveal());
    else this.meta.delete('session');
  }

  close(): void {
    this.#blobStore.close();
    this.#database.close();
  }

  #inTransaction<R>(commit: Commit, work: (commit: Commit) => R, durable: boolean): R {
    try {
      const result = this.#database.transaction(() => {
        const value = work(commit);
        assert(!(value instanceof Promise), 'a transaction is one turn of the event loop');
        commit.finish();
        return value;
      }, durable);
      this.#marks.committed();
      this.ledger.committed();
      return result;
    } catch (error) {
      this.#marks.rolledBack();
      this.ledger.rolledBack();
      throw error;
    } finally {
      commit.close();
    }
  }

  /** For a store from before there was a ledger. */
  #fillLedger(): void {
    if (this.meta.loadNumber('ledgerVersion') === LEDGER_VERSION) return;
    this.commit(() => {
      this.documents.fillLedger();
      this.meta.save('ledgerVersion', LEDGER_VERSION);
    });
  }

  /** A new file takes this account and replica; an old one must be of this account and keeps its replica. */
  #adopt(replicaUid: ReplicaUid): ReplicaUid {
    const owner = this.meta.load('accountId');
    if (owner !== null && owner !== this.accountId) throw new StoreError('wrongAccount', 'database belongs to another account');
    const known = this.meta.load('replicaUid');
    if (known !== null) return parseReplicaUid(String(known));
    this.#database.transaction(() => {
      this.meta.save('accountId', this.accountId);
      this.meta.save('replicaUid', replicaUid);
    }, true);
    return replicaUid;
  }
}

/** 128 random bits, base64url. */
export function newReplicaUid(random: RandomSource): ReplicaUid {
  return parseReplicaUid(Buffer.from(random.bytes(16)).toString('base64url'));
}
