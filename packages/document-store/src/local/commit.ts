// One running transaction: documents change, projections follow at once, marks move, and what changed is remembered for
// the change feed. It lives inside one SQLite transaction and one turn of the event loop.

import assert from 'node:assert/strict';
import {
  DOCUMENT_TYPES, NO_REVISION, incrementRevision, isDocumentType, parseDocumentId,
  type ContentOf, type DocumentId, type DocumentType, type MarkClock, type ReplicaUid,
} from '@paloma/shared-model';
import type { DocumentChange, DocumentKey, DocumentTransaction, NewContent, Sql, StoredDocument } from '../document-store.js';
import { StoreError } from '../store-error.js';
import { MAX_DOCUMENT_BYTES, areSameOctets, encodeContent, isUnderstood } from './document-content.js';
import { readContent } from './content-reader.js';
import type { DocumentRow, DocumentTable, KnownRow } from './document-table.js';
import { highestMarkCounter } from './document-traits.js';
import type { MarkCounter } from './mark-counter.js';
import type { WriteLedger } from './write-ledger.js';
import { understoodContent, type ProjectionSet } from './projection-set.js';

export interface CommitParts {
  readonly sql: Sql;
  readonly replicaUid: ReplicaUid;
  readonly documents: DocumentTable;
  readonly projections: ProjectionSet;
  readonly marks: MarkCounter;
  readonly ledger: WriteLedger;
}

/** A row that was looked at. */
interface SeenRow {
  row: KnownRow | null;
  /** As `understoodContent` gives it; undefined while nobody has asked for it. */
  content?: unknown;
}

export class Commit implements DocumentTransaction {
  readonly changes: DocumentChange[] = [];
  /** Until they are written: what is changed is mostly read before. */
  readonly #seen = new Map<DocumentId, SeenRow>();
  #isOpen = true;

  constructor(private readonly parts: CommitParts) {}

  get sql(): Sql {
    return this.parts.sql;
  }

  get<T extends DocumentType>(type: T, localPart: string): StoredDocument<T> | null {
    this.#assertOpen();
    const seen = this.#see(documentIdOf(type, localPart));
    const content = contentOf(seen);
    if (!seen.row || content === null) return null;
    const { documentId, rowId: documentKey, revision } = seen.row;
    return { documentId, documentKey, type, content: content as ContentOf<T>, revision };
  }

  prefetch(documentKeys: readonly DocumentKey[]): void {
    this.#assertOpen();
    for (const row of this.parts.documents.listRows(documentKeys)) this.#seen.set(row.documentId, { row });
  }

  isKnown(type: DocumentType, localPart: string): boolean {
    this.#assertOpen();
    return this.parts.documents.isKnown(documentIdOf(type, localPart));
  }

  put<T extends DocumentType>(type: T, localPart: string, content: ContentOf<T>): DocumentKey {
    return this.putAll(type, [{ localPart, content }])[0]!;
  }

  putAll<T extends DocumentType>(type: T, documents: readonly NewContent<T>[]): DocumentKey[] {
    return this.#writeAll(type, documents.map(({ localPart, content }) => ({ documentId: documentIdOf(type, localPart), octets: octetsOf(content), after: content })));
  }

  delete(type: DocumentType, localPart: string): void {
    this.#assertOpen();
    const documentId = documentIdOf(type, localPart);
    if (this.#see(documentId).row) this.#writeAll(type, [{ documentId, octets: null, after: null }]);
  }

  nextMarkClock(): MarkClock {
    this.#assertOpen();
    return this.parts.marks.next();
  }

  /** Stores a state that came from, or was merged with one from, another device. `seen`: what the caller has looked up already. */
  receive(row: DocumentRow, seen: { known: KnownRow | null; after: unknown } = { known: this.parts.documents.find(row.documentId), after: understoodContent(row) }): void {
    this.#assertOpen();
    this.#save([{ row, seen: { row: seen.known }, after: seen.after }], 'sync');
  }

  /** Forgets a document that the provider does not have any more; its tombstone is not known, so none is left. */
  drop(row: KnownRow): void {
    this.#assertOpen();
    this.parts.documents.remove(row);
    this.#seen.delete(row.documentId);
    this.#publish([{ documentId: row.documentId, documentKey: row.rowId, type: row.type, before: understoodContent(row), after: null, origin: 'sync' }]);
  }

  /** Runs what is left to do before the SQLite commit; afterwards the transaction cannot be used. */
  finish(): void {
    this.parts.projections.finish(new Set(this.changes.map(({ type }) => type)));
    this.parts.marks.save();
    this.parts.ledger.save();
  }

  close(): void {
    this.#isOpen = false;
  }

  #see(documentId: DocumentId): SeenRow {
    const seen = this.#seen.get(documentId) ?? { row: this.parts.documents.find(documentId) };
    this.#seen.set(documentId, seen);
    return seen;
  }

  /** Writing what is there already changes nothing and makes no revision. */
  #writeAll(type: DocumentType, contents: readonly { documentId: DocumentId; octets: Uint8Array | null; after: unknown }[]): DocumentKey[] {
    this.#assertOpen();
    const seen = contents.map(({ documentId }) => this.#see(documentId));
    assert(new Set(seen).size === seen.length, 'documents that are written together are different ones');
    const isChanged = contents.map(({ octets }, index) => !seen[index]!.row || !areSameOctets(seen[index]!.row.content, octets));
    const saves = contents.flatMap(({ documentId, octets, after }, index) => (isChanged[index] ? [{ row: this.#editedRow(type, documentId, octets, seen[index]!.row), seen: seen[index]!, after }] : []));
    const saved = this.#save(saves, 'local')[Symbol.iterator]();
    return seen.map(({ row }, index) => (isChanged[index] ? saved.next().value! : row!.rowId));
  }

  #editedRow(type: DocumentType, documentId: DocumentId, content: Uint8Array | null, known: KnownRow | null): DocumentRow {
    if (known && !isUnderstood(known.type, known.schemaVersion)) throw new StoreError('needsNewerVersion', `a ${type} document of schema ${known.schemaVersion} is not rewritten`);
    const { schemaVersion, documentClass } = DOCUMENT_TYPES[type];
    return {
      documentId, type, schemaVersion, documentClass, content,
      revision: incrementRevision(known?.revision ?? NO_REVISION, this.parts.replicaUid),
      baseRevision: known && known.dirtySequence === null ? known.revision : (known?.baseRevision ?? null),
      dirtySequence: this.parts.documents.nextSequence(),
    };
  }

  /** `after`: the content as `understoodContent` gives it, or as it was put. */
  #save(saves: readonly { row: DocumentRow; seen: SeenRow; after: unknown }[], origin: DocumentChange['origin']): DocumentKey[] {
    const documentKeys = this.parts.documents.save(saves.map(({ row, seen }) => ({ row, known: seen.row })));
    const changes = saves.map(({ row, seen, after }, index): DocumentChange => {
      this.#seen.delete(row.documentId);
      if (isDocumentType(row.type) && after !== null) this.parts.marks.observe(highestMarkCounter(row.type, after));
      return { documentId: row.documentId, documentKey: documentKeys[index]!, type: row.type, before: contentOf(seen), after, origin };
    });
    this.#publish(changes);
    return documentKeys;
  }

  #publish(changes: readonly DocumentChange[]): void {
    const felt = changes.filter(({ before, after }) => before !== null || after !== null);
    for (const change of felt) this.changes.push(change);
    this.parts.projections.apply(felt);
  }

  #assertOpen(): void {
    assert(this.#isOpen, 'a transaction is used only while its work runs');
  }
}

function contentOf(seen: SeenRow): unknown {
  if (seen.content === undefined) seen.content = seen.row && understoodContent(seen.row);
  return seen.content;
}

function octetsOf(content: unknown): Uint8Array {
  const octets = encodeContent(content);
  if (octets.length > MAX_DOCUMENT_BYTES) throw new StoreError('tooLarge', `document of ${octets.length} octets over limit ${MAX_DOCUMENT_BYTES}`);
  return octets;
}

export function documentIdOf(type: DocumentType, localPart: string): DocumentId {
  return parseDocumentId(`${type}:${localPart}`);
}

/** A row as callers see it; null when it is deleted or of a newer version. */
export function storedDocument<T extends DocumentType>(row: KnownRow): StoredDocument<T> | null {
  if (row.content === null || !isUnderstood(row.type, row.schemaVersion)) return null;
  return { documentId: row.documentId, documentKey: row.rowId, type: row.type as T, content: readContent(row.content) as ContentOf<T>, revision: row.revision };
}
