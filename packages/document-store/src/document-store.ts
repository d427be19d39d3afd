// The encrypted local store of one account on one device: documents, projections of them, and blobs.
//
// Documents are the source of truth; whatever answers queries is a projection, changed in the same SQLite transaction and
// rebuilt from the documents when its version changes. The API is synchronous where SQLite is: a transaction is one
// turn of the event loop, so nothing can come between. It knows no mail.

import type { BlobId, BlobNamespace, ContentOf, DocumentId, DocumentType, MarkClock, ReplicaUid, Revision } from '@paloma/shared-model';

export interface StoredDocument<T extends DocumentType = DocumentType> {
  documentId: DocumentId;
  documentKey: DocumentKey;
  type: T;
  content: ContentOf<T>;
  revision: Revision;
}

/**
 * A number for the document in this database alone. It has it as long as it is known, deleted or not, and numbers grow in the order in
 * which documents came: rows under it stand in few pages where those under ids, which are random, stand in as many as there are rows.
 */
export type DocumentKey = number;

/** One document's change inside a commit. `before` null: created; `after` null: deleted. */
export interface DocumentChange {
  documentId: DocumentId;
  documentKey: DocumentKey;
  type: string;
  before: unknown;
  after: unknown;
  /** Written here, or received from another device. */
  origin: 'local' | 'sync';
}

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = Record<string, SqlValue>;

/** SQL of the encrypted database, for projections and their queries. Statements are cached by text. */
export interface Sql {
  all<Row = SqlRow>(text: string, ...parameters: SqlValue[]): Row[];
  get<Row = SqlRow>(text: string, ...parameters: SqlValue[]): Row | undefined;
  run(text: string, ...parameters: SqlValue[]): { changes: number; lastInsertRowid: number };
  iterate<Row = SqlRow>(text: string, ...parameters: SqlValue[]): IterableIterator<Row>;
  exec(text: string): void;
  /**
   * Rows of a `number` and `octets`, by the number; those without octets are left out. `asked` is the first parameter, as JSON. Of many
   * rows the short ones are views of one piece of memory: a piece for each takes longer than to read it.
   */
  octets(text: string, asked: readonly SqlValue[], ...parameters: SqlValue[]): Map<number, Uint8Array>;
}

/** Asks tables of the caller for documents: each row has the `documentKey` of one, and a `number` of the caller's choice. */
export interface DocumentQuery {
  /** One of few: what changes is in its parameter, a JSON list of what is asked for. */
  text: string;
  asked: readonly number[];
}

/**
 * A set of tables derived from documents. When `version` differs from the stored one the tables are dropped (`drop`),
 * made anew (`create`) and fed every live document of `types` again.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  readonly types: readonly DocumentType[];
  drop(sql: Sql): void;
  create(sql: Sql): void;
  /** Changes of different documents of one type, as they were put. */
  apply(changes: readonly DocumentChange[], sql: Sql): void;
  /** Called once at the end of each transaction that changed something of `types`, before the commit. */
  finish?(sql: Sql): void;
}

/** Of the document of this id. Nobody changes it afterwards: projections and subscribers get it as it is. */
export interface NewContent<T extends DocumentType> {
  localPart: string;
  content: ContentOf<T>;
}

export interface DocumentTransaction {
  readonly sql: Sql;
  get<T extends DocumentType>(type: T, localPart: string): StoredDocument<T> | null;
  /** Reads what is about to be asked for and written, in one statement. */
  prefetch(documentKeys: readonly DocumentKey[]): void;
  /** True also for a document that was deleted: an id that is spent is never used again. */
  isKnown(type: DocumentType, localPart: string): boolean;
  /** `putAll` of one. */
  put<T extends DocumentType>(type: T, localPart: string, content: ContentOf<T>): DocumentKey;
  /** Different documents; projections hear of all of them together, which is what makes a batch cheap. The keys are in the same order. */
  putAll<T extends DocumentType>(type: T, documents: readonly NewContent<T>[]): DocumentKey[];
  delete(type: DocumentType, localPart: string): void;
  /** A clock later than every mark this replica has seen. */
  nextMarkClock(): MarkClock;
}

export interface DocumentStore {
  readonly replicaUid: ReplicaUid;
  /** Reads outside a transaction see the last commit. */
  readonly sql: Sql;
  /**
   * Runs `work` in one transaction; throws and leaves nothing behind when it throws. With `durable` the commit is on disk
   * (fsync) when the call returns; without, a power cut may lose the newest commits, a killed process loses nothing.
   */
  transact<R>(work: (transaction: DocumentTransaction) => R, options?: { durable?: boolean }): R;
  get<T extends DocumentType>(type: T, localPart: string): StoredDocument<T> | null;
  list<T extends DocumentType>(type: T): StoredDocument<T>[];
  /**
   * Some members of the contents of several documents, by the number that the query gives with each; documents that are not there are
   * left out. Nothing else of them is read, so this is the way to much content of which little is wanted. Octets are not copied: they are
   * the caller's alone, in buffers that hold nothing but this answer.
   */
  getMembers<T extends DocumentType, Name extends string & keyof ContentOf<T>>(type: T, query: DocumentQuery, names: readonly Name[]): Map<number, Pick<ContentOf<T>, Name>>;
  /** After each commit, in order. */
  subscribe(listener: (changes: readonly DocumentChange[]) => void): () => void;

  /**
   * Content-addressed: the same octets are the same blob. Local at once, uploaded by the next sync unless `isLocalOnly`. Part
   * of the running transaction when called inside one. @throws {StoreError} "tooLarge"
   */
  putBlob(namespace: BlobNamespace, octets: Uint8Array, options?: { isLocalOnly?: boolean }): BlobId;
  /**
   * Local copy, or fetched from the provider: once, however many ask, and before anything that nobody waits for. A large blob
   * whose download was cut off goes on from there. With `signal` this reader stops waiting; when it was the last one, a large
   * download ends. @throws {StoreError} "blobUnavailable" | "blobMissing" | "openFailed"; the reason of `signal`
   */
  getBlob(namespace: BlobNamespace, blobId: BlobId, options?: { signal?: AbortSignal }): Promise<Uint8Array>;
  /**
   * Fetches a blob that will perhaps be read, when nobody waits for another one and while there is room in the budget; the
   * highest `newness` first (a time, say). It is forgotten when it fails.
   */
  fetchBlobAhead(namespace: BlobNamespace, blobId: BlobId, newness: number): void;
  /** Local copy; null when the octets are not on this device. */
  getLocalBlob(namespace: BlobNamespace, blobId: BlobId): Uint8Array | null;
  /** The blob is fetched, now or after a later sync, and is not evicted until it is unpinned. Outlives a restart. */
  pinBlob(namespace: BlobNamespace, blobId: BlobId): void;
  unpinBlob(namespace: BlobNamespace, blobId: BlobId): void;
  /** Gives up the local octets of a blob that the provider has, unless it is pinned; the next `getBlob` fetches them again. */
  evictBlob(namespace: BlobNamespace, blobId: BlobId): void;
  /** Removes a blob here and, by the next sync, at the provider: for one that no document refers to any more. */
  deleteBlob(namespace: BlobNamespace, blobId: BlobId): void;
  /** A keyed hash for ids that two devices must derive alike: 32 base64url characters. */
  deriveId(purpose: string, text: string | Uint8Array): string;
  close(): void;
}
