// Rows of documents. A row is "dirty" while the provider does not have its revision; the dirty sequence gives the order in
// which dirty documents are pushed and grows with every change, so that one pass has an end.

import { DOCUMENT_TYPES, NO_REVISION, incrementRevision, type DocumentClass, type DocumentId, type DocumentType, type ReplicaUid, type Revision } from '@paloma/shared-model';
import type { DocumentQuery, Sql } from '../document-store.js';
import { DocumentRows } from './document-rows.js';
import type { WriteLedger } from './write-ledger.js';

export interface DocumentRow {
  documentId: DocumentId;
  type: string;
  schemaVersion: number;
  documentClass: DocumentClass;
  revision: Revision;
  /** While dirty: what the provider was last known to have; null when it never had the document, or when clean. */
  baseRevision: Revision | null;
  dirtySequence: number | null;
  /** CBOR; null: deleted. */
  content: Uint8Array | null;
}

/** One that stands in the table. */
export type KnownRow = DocumentRow & { rowId: number };

/** `known`: the row as it was; null for a new one. */
export interface RowWrite {
  row: DocumentRow;
  known: KnownRow | null;
}

/** What the provider is known to hold of a document; null: nothing. */
export function providerRevision({ dirtySequence, revision, baseRevision }: Pick<DocumentRow, 'dirtySequence' | 'revision' | 'baseRevision'>): Revision | null {
  return dirtySequence === null ? revision : baseRevision;
}

type RawRow = Omit<KnownRow, 'content'> & { content: Buffer | null };

const COLUMNS = `row_id AS rowId, document_id AS documentId, type, schema_version AS schemaVersion, class AS documentClass,
  revision, base_revision AS baseRevision, dirty_sequence AS dirtySequence, content`;
const ROWS = 'documents LEFT JOIN dirty_documents USING (row_id)';
// Put together once: a statement is found again by its text, and a text that is new each time has to be read each time.
const FIND = `SELECT ${COLUMNS} FROM ${ROWS} WHERE document_id = ?`;
const LIST_ROWS = `SELECT ${COLUMNS} FROM (SELECT value AS row_id FROM json_each(?)) CROSS JOIN documents USING (row_id) LEFT JOIN dirty_documents USING (row_id)`;
const LIVE_OF_TYPE = `SELECT ${COLUMNS} FROM ${ROWS} WHERE type = ? AND content IS NOT NULL AND row_id > ? ORDER BY row_id LIMIT ?`;
const DIRTY = `SELECT ${COLUMNS} FROM dirty_documents JOIN documents USING (row_id)`;
const DIRTY_AFTER = `${DIRTY} WHERE dirty_sequence > ? AND dirty_sequence <= ? ORDER BY dirty_sequence`;
const SENT = `${DIRTY} WHERE was_sent = 1 ORDER BY dirty_sequence LIMIT ?`;
const INSERT = 'INSERT INTO documents (row_id, document_id, type, schema_version, class, revision, content) VALUES (?, ?, ?, ?, ?, ?, ?)';
// What is not said to change leaves its indexes alone.
const CHANGE = 'UPDATE documents SET schema_version = ?, class = ?, revision = ?, content = ? WHERE row_id = ?';
const SAVE_DIRT = `INSERT INTO dirty_documents (row_id, dirty_sequence, base_revision, is_base_deleted) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
  ON CONFLICT (row_id) DO UPDATE SET dirty_sequence = excluded.dirty_sequence, base_revision = excluded.base_revision,
    is_base_deleted = is_base_deleted AND base_revision IS excluded.base_revision`;
const FORGET_DIRT = 'DELETE FROM dirty_documents WHERE row_id IN (SELECT value FROM json_each(?))';
/** Of `LIMIT` in SQLite: none. */
const NO_LIMIT = -1;

export class DocumentTable {
  #lastSequence: number;
  readonly #rows: DocumentRows;
  /** By the text of the query in it. */
  readonly #contents = new Map<string, string>();

  constructor(private readonly sql: Sql, private readonly ledger: WriteLedger) {
    this.#lastSequence = sql.get<{ last: number | null }>('SELECT max(dirty_sequence) AS last FROM dirty_documents')?.last ?? 0;
    this.#rows = new DocumentRows(sql);
  }

  /** The sequence of the newest dirty document. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  nextSequence(): number {
    return ++this.#lastSequence;
  }

  find(documentId: DocumentId): KnownRow | null {
    const row = this.sql.get<RawRow>(FIND, documentId);
    return row ? toRow(row) : null;
  }

  /** Those that are not here are left out. */
  listRows(rowIds: readonly number[]): KnownRow[] {
    return this.sql.all<RawRow>(LIST_ROWS, JSON.stringify(rowIds)).map(toRow);
  }

  /** Whether what the provider is known to have of it is a tombstone. */
  isDeletedAtProvider({ rowId, dirtySequence, content }: KnownRow): boolean {
    if (dirtySequence === null) return content === null;
    return this.sql.get('SELECT 1 FROM dirty_documents WHERE row_id = ? AND is_base_deleted = 1', rowId) !== undefined;
  }

  isKnown(documentId: DocumentId): boolean {
    return this.sql.get('SELECT 1 FROM documents WHERE document_id = ?', documentId) !== undefined;
  }

  holdsClass(documentClass: DocumentClass): boolean {
    return this.sql.get('SELECT 1 FROM documents WHERE class = ? LIMIT 1', documentClass) !== undefined;
  }

  /** Of different documents. Gives their row ids. */
  save(writes: readonly RowWrite[]): number[] {
    const rowIds = writes.map(({ row, known }) => {
      this.ledger.move(row.documentId, known && providerRevision(known), providerRevision(row));
      return known ? this.#change(known.rowId, row) : this.#insert(row);
    });
    this.#saveDirt(writes, rowIds);
    return rowIds;
  }

  /** As if this device had never known it. */
  remove(row: KnownRow): void {
    this.ledger.move(row.documentId, providerRevision(row), null);
    this.sql.run('DELETE FROM documents WHERE row_id = ?', row.rowId);
    this.sql.run('DELETE FROM dirty_documents WHERE row_id = ?', row.rowId);
  }

  /** Live documents of a type among those asked for, of versions that this program knows; CBOR, by the number asked with. */
  contentsOf(type: DocumentType, { text, asked }: DocumentQuery): Map<number, Uint8Array> {
    return this.sql.octets(this.#contentsStatement(text), asked, type, DOCUMENT_TYPES[type].schemaVersion);
  }

  /** Live documents of a type, in the order in which they came to this device. */
  listOfType(type: DocumentType): KnownRow[] {
    return this.sql.all<RawRow>(LIVE_OF_TYPE, type, 0, NO_LIMIT).map(toRow);
  }

  /** Live documents of a type in pages, for work that writes while it reads. */
  *pagesOfType(type: DocumentType, pageRows: number): Generator<KnownRow[]> {
    for (let after = 0; ;) {
      const rows = this.sql.all<RawRow>(LIVE_OF_TYPE, type, after, pageRows);
      if (rows.length === 0) return;
      after = rows.at(-1)?.rowId ?? after;
      yield rows.map(toRow);
    }
  }

  /** Dirty documents after a sequence up to another, in order, one row at a time; no write before the iteration has ended. */
  *dirtyAfter(after: number, end: number): Generator<KnownRow> {
    for (const row of this.sql.iterate<RawRow>(DIRTY_AFTER, after, end)) yield toRow(row);
  }

  /** Of what the provider does not have yet: the state here, and what it is known to hold. */
  listDirtyRevisions(): Pick<DocumentRow, 'documentId' | 'revision' | 'baseRevision'>[] {
    return this.sql.all('SELECT document_id AS documentId, revision, base_revision AS baseRevision FROM dirty_documents JOIN documents USING (row_id)');
  }

  countDirty(): number {
    return this.sql.get<{ dirty: number }>('SELECT count(*) AS dirty FROM dirty_documents')?.dirty ?? 0;
  }

  /** These are about to be sent: from now on the provider may have them. Returns those of which that was not so before. */
  markSent(rows: readonly KnownRow[]): KnownRow[] {
    return rows.filter(({ rowId }) => this.sql.run('UPDATE dirty_documents SET was_sent = 1 WHERE row_id = ? AND was_sent = 0', rowId).changes > 0);
  }

  /** The provider said that it took none of these. */
  unmarkSent(rows: readonly KnownRow[]): void {
    for (const { rowId } of rows) this.sql.run('UPDATE dirty_documents SET was_sent = 0 WHERE row_id = ?', rowId);
  }

  /** Documents that were sent and not answered for, at most so many. */
  listSent(limit: number): KnownRow[] {
    return this.sql.all<RawRow>(SENT, limit).map(toRow);
  }

  /** The provider has this revision. A document that changed meanwhile stays dirty, on top of what the provider has. */
  acknowledge(documentId: DocumentId, revision: Revision): void {
    const known = this.sql.get<Pick<KnownRow, 'rowId' | 'revision' | 'baseRevision'>>(
      'SELECT row_id AS rowId, revision, base_revision AS baseRevision FROM dirty_documents JOIN documents USING (row_id) WHERE document_id = ?', documentId);
    if (!known) return;
    this.ledger.move(documentId, known.baseRevision, revision);
    if (known.revision === revision) this.sql.run('DELETE FROM dirty_documents WHERE row_id = ?', known.rowId);
    else this.sql.run('UPDATE dirty_documents SET base_revision = ? WHERE row_id = ?', revision, known.rowId);
  }

  /** Every document but one is to be pushed again: the provider forgot what it had. */
  markAllDirty(except: DocumentId): void {
    this.ledger.clear();
    this.sql.run(
      `INSERT OR REPLACE INTO dirty_documents (row_id, dirty_sequence, base_revision)
       SELECT row_id, row_number() OVER (ORDER BY row_id) + ?, NULL FROM documents WHERE document_id <> ?`, this.#lastSequence, except);
    this.#lastSequence = this.sql.get<{ last: number | null }>('SELECT max(dirty_sequence) AS last FROM dirty_documents')?.last ?? this.#lastSequence;
  }

  /**
   * Gives every edit that waits a revision of another replica: what was made of them under the old uid elsewhere is not known
   * here, so nothing may carry the same revision again.
   */
  reviseDirty(replicaUid: ReplicaUid): void {
    for (const row of [...this.dirtyAfter(0, this.#lastSequence)].filter(({ type }) => type !== 'replica-head')) {
      this.sql.run('UPDATE documents SET revision = ? WHERE row_id = ?', incrementRevision(row.baseRevision ?? NO_REVISION, replicaUid), row.rowId);
    }
    this.sql.run('UPDATE dirty_documents SET was_sent = 0');
  }

  /** Every document with what the provider is known to hold of it goes into the ledger anew. */
  fillLedger(): void {
    this.ledger.clear();
    for (const raw of this.sql.iterate<RawRow>(`SELECT ${COLUMNS} FROM ${ROWS}`)) {
      this.ledger.move(raw.documentId, null, providerRevision(raw));
    }
  }

  /**
   * The next documents after a row, at most `limit`, are to be pushed again as they are, which seals them under the current
   * epoch. The row to go on from; null when there are no more.
   */
  markForResealing(afterRow: number, limit: number): number | null {
    const rows = this.sql.all<{ rowId: number; revision: Revision }>(
      'SELECT row_id AS rowId, revision FROM documents WHERE row_id > ? ORDER BY row_id LIMIT ?', afterRow, limit);
    for (const { rowId, revision } of rows) {
      this.sql.run('INSERT OR IGNORE INTO dirty_documents (row_id, dirty_sequence, base_revision) VALUES (?, ?, ?)', rowId, this.nextSequence(), revision);
    }
    return rows.at(-1)?.rowId ?? null;
  }

  /** One document is to be pushed again as it is; nothing changes when it waits already, or is not here. */
  markAgain(documentId: DocumentId): void {
    const known = this.find(documentId);
    if (known?.dirtySequence !== null) return;
    this.sql.run('INSERT INTO dirty_documents (row_id, dirty_sequence, base_revision) VALUES (?, ?, ?)', known.rowId, this.nextSequence(), known.revision);
  }

  /** Documents up to a row, and all of them. */
  countThrough(row: number): { through: number; total: number } {
    return this.sql.get<{ through: number; total: number }>('SELECT count(*) FILTER (WHERE row_id <= ?) AS through, count(*) AS total FROM documents', row) ?? { through: 0, total: 0 };
  }

  #contentsStatement(query: string): string {
    const statement = this.#contents.get(query) ?? `SELECT asked.number, content AS octets FROM (${query}) AS asked CROSS JOIN documents ON row_id = asked.documentKey WHERE type = ? AND schema_version <= ?`;
    this.#contents.set(query, statement);
    return statement;
  }

  #insert({ documentId, type, schemaVersion, documentClass, revision, content }: DocumentRow): number {
    const rowId = this.#rows.next(type);
    this.sql.run(INSERT, rowId, documentId, type, schemaVersion, documentClass, revision, content);
    return rowId;
  }

  #change(rowId: number, { schemaVersion, documentClass, revision, content }: DocumentRow): number {
    this.sql.run(CHANGE, schemaVersion, documentClass, revision, content, rowId);
    return rowId;
  }

  #saveDirt(writes: readonly RowWrite[], rowIds: readonly number[]): void {
    const dirty = writes.flatMap(({ row, known }, index) => (row.dirtySequence === null ? [] : [[rowIds[index], row.dirtySequence, row.baseRevision, wasTombstoneAtProvider(known) ? 1 : 0]]));
    const cleaned = writes.flatMap(({ row, known }) => (known && known.dirtySequence !== null && row.dirtySequence === null ? [known.rowId] : []));
    if (dirty.length > 0) this.sql.run(SAVE_DIRT, JSON.stringify(dirty));
    if (cleaned.length > 0) this.sql.run(FORGET_DIRT, JSON.stringify(cleaned));
  }
}

function wasTombstoneAtProvider(known: KnownRow | null): boolean {
  return known !== null && known.dirtySequence === null && known.content === null;
}

/** The row itself: to copy it would be a good part of reading it. */
function toRow(raw: RawRow): KnownRow {
  return Object.assign(raw, { content: raw.content && octetsOf(raw.content) });
}

/** SQLite hands out `Buffer`; the rest of the program knows octets as `Uint8Array`. */
function octetsOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
