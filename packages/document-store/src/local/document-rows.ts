// Row ids of new documents. What is written once and large, and what is small and written again and again, get row ids far apart,
// and so pages of their own: to mark a thousand emails is to write the pages of a thousand emails, and not as many that are full of
// octets.

import { DOCUMENT_TYPES, isDocumentType } from '@paloma/shared-model';
import type { Sql } from '../document-store.js';

/** From here on stand documents that change. A migration holds the same number (schema-migrations.ts). */
const FIRST_CHANGING_ROW = 2 ** 40;

export class DocumentRows {
  /** Of documents that never change, and of those that do. A transaction that is rolled back leaves its row ids unused. */
  readonly #next: { fixed: number; changing: number };

  constructor(sql: Sql) {
    const lastBefore = (end: number): number => sql.get<{ last: number | null }>('SELECT max(row_id) AS last FROM documents WHERE row_id < ?', end)?.last ?? 0;
    this.#next = { fixed: lastBefore(FIRST_CHANGING_ROW) + 1, changing: Math.max(FIRST_CHANGING_ROW, lastBefore(Number.MAX_SAFE_INTEGER) + 1) };
  }

  next(type: string): number {
    const kind = isDocumentType(type) && !DOCUMENT_TYPES[type].isImmutable ? 'changing' : 'fixed';
    return this.#next[kind]++;
  }
}
