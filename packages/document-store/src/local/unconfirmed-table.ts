// After this replica started afresh: documents it holds from before and has not received again. What the provider turns out not
// to have any more was deleted elsewhere while this device was away, and is dropped at the end.

import type { DocumentId } from '@paloma/shared-model';
import type { Sql } from '../document-store.js';

export class UnconfirmedTable {
  #isEmpty: boolean;

  constructor(private readonly sql: Sql) {
    this.#isEmpty = sql.get('SELECT 1 FROM unconfirmed_documents LIMIT 1') === undefined;
  }

  /** Of every live document that has no edit waiting to be pushed. Inside a transaction. */
  doubtAll(): void {
    this.sql.run(
      `INSERT OR IGNORE INTO unconfirmed_documents (document_id)
       SELECT document_id FROM documents WHERE content IS NOT NULL AND row_id NOT IN (SELECT row_id FROM dirty_documents)`);
    this.#isEmpty = false;
  }

  confirm(documentId: DocumentId): void {
    if (!this.#isEmpty) this.sql.run('DELETE FROM unconfirmed_documents WHERE document_id = ?', documentId);
  }

  /** Those after another, in the order of ids. */
  page(after: string, limit: number): DocumentId[] {
    if (this.#isEmpty) return [];
    return this.sql.all<{ documentId: DocumentId }>('SELECT document_id AS documentId FROM unconfirmed_documents WHERE document_id > ? ORDER BY document_id LIMIT ?', after, limit)
      .map(({ documentId }) => documentId);
  }

  /** Nothing is in doubt any more. */
  clear(): void {
    if (!this.#isEmpty) this.sql.run('DELETE FROM unconfirmed_documents');
    this.#isEmpty = true;
  }
}
