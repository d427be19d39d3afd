// The projections of a store: which of them hear of a change, and the rebuild of those whose version differs from the one
// their tables were made with.

import { isDocumentType, type DocumentType } from '@paloma/shared-model';
import type { DocumentChange, Projection, Sql } from '../document-store.js';
import { readContent } from './content-reader.js';
import { isUnderstood } from './document-content.js';
import type { DocumentRow, DocumentTable } from './document-table.js';

/** Documents read at a time during a rebuild; bounds its memory. */
const REBUILD_PAGE_ROWS = 200;

export class ProjectionSet {
  constructor(private readonly projections: readonly Projection[], private readonly sql: Sql) {}

  /** Of one type. */
  apply(changes: readonly DocumentChange[]): void {
    if (changes[0]) for (const projection of this.#of(changes[0].type)) projection.apply(changes, this.sql);
  }

  /** Called once before the commit of a transaction that changed documents of these types. */
  finish(types: ReadonlySet<string>): void {
    for (const projection of this.projections) {
      if (projection.types.some((type) => types.has(type))) projection.finish?.(this.sql);
    }
  }

  /** Inside a transaction. Makes the tables of every projection be of its version. */
  rebuild(documents: DocumentTable): void {
    for (const projection of this.projections) {
      if (this.#builtVersion(projection) !== projection.version) this.#rebuildOne(projection, documents);
    }
  }

  #rebuildOne(projection: Projection, documents: DocumentTable): void {
    projection.drop(this.sql);
    projection.create(this.sql);
    for (const type of projection.types) this.#feed(projection, type, documents);
    projection.finish?.(this.sql);
    this.sql.run('INSERT INTO projections (name, version) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version', projection.name, projection.version);
  }

  #feed(projection: Projection, type: DocumentType, documents: DocumentTable): void {
    for (const page of documents.pagesOfType(type, REBUILD_PAGE_ROWS)) {
      const changes = page.map((row): DocumentChange => ({ documentId: row.documentId, documentKey: row.rowId, type, before: null, after: understoodContent(row), origin: 'local' }));
      projection.apply(changes.filter(({ after }) => after !== null), this.sql);
    }
  }

  #builtVersion({ name }: Projection): number | null {
    return this.sql.get<{ version: number }>('SELECT version FROM projections WHERE name = ?', name)?.version ?? null;
  }

  #of(type: string): Projection[] {
    return isDocumentType(type) ? this.projections.filter(({ types }) => types.includes(type)) : [];
  }
}

/** Content as projections and callers see it: null for what is deleted or of a version that this program does not know. */
export function understoodContent(row: DocumentRow): unknown {
  return row.content !== null && isUnderstood(row.type, row.schemaVersion) ? readContent(row.content) : null;
}
