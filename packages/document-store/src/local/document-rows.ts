// Row ids of new documents. What stands together in rows stands together in pages: to mark a thousand emails is to write the pages of a
// thousand emails, and not as many that are full of octets; to list messages is to read pages of messages, ten of them in each, and not
// as many as there are contents between them. A content of 15 kB that begins a page of its own takes two of them instead of three.

import { DOCUMENT_TYPES, isDocumentType, type DocumentType } from '@paloma/shared-model';
import type { Sql } from '../document-store.js';

/** `fixed`: written once. `contents`: written once, and larger than all else. `changing`: small, and written again and again. */
type Zone = 'fixed' | 'contents' | 'changing';

/** Where zones begin; a file from before there were three has contents in the first. A migration holds the last number (schema-migrations.ts). */
const FIRST_ROW: Record<Zone, number> = { fixed: 1, contents: 2 ** 39, changing: 2 ** 40 };
const END_ROW: Record<Zone, number> = { fixed: FIRST_ROW.contents, contents: FIRST_ROW.changing, changing: Number.MAX_SAFE_INTEGER };

const CONTENTS: DocumentType = 'message-content';

export class DocumentRows {
  /** A transaction that is rolled back leaves its row ids unused. */
  readonly #next: Record<Zone, number>;

  constructor(private readonly sql: Sql) {
    this.#next = { fixed: this.#firstFree('fixed'), contents: this.#firstFree('contents'), changing: this.#firstFree('changing') };
  }

  next(type: string): number {
    return this.#next[zoneOf(type)]++;
  }

  #firstFree(zone: Zone): number {
    const last = this.sql.get<{ last: number | null }>('SELECT max(row_id) AS last FROM documents WHERE row_id >= ? AND row_id < ?', FIRST_ROW[zone], END_ROW[zone])?.last;
    return (last ?? FIRST_ROW[zone] - 1) + 1;
  }
}

function zoneOf(type: string): Zone {
  if (type === CONTENTS) return 'contents';
  return isDocumentType(type) && !DOCUMENT_TYPES[type].isImmutable ? 'changing' : 'fixed';
}
