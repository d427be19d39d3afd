// What the provider sent and this device did not accept. The sealed octets are kept as they came: nothing is lost by a bug
// or by an old program, and everything is tried again after an upgrade. It is bounded, because a hostile provider fills it.

import type { DocumentClass, Generation, OpaqueDocumentId, Revision } from '@paloma/shared-model';
import type { PullItem } from '@paloma/sync-protocol';
import type { Sql } from '../document-store.js';

/**
 * openFailed: altered, moved, invented or unsealed. idMismatch: sealed under another id than its own. invalidContent: opened,
 * but breaks its schema. rolledBack: an older state than the provider had already. immutableChanged: a document that never
 * changes came with other content. unmergeable: conflicts with an edit here, and a newer program is needed to merge them.
 */
export type SetAsideReason = 'openFailed' | 'idMismatch' | 'invalidContent' | 'rolledBack' | 'immutableChanged' | 'unmergeable';

export interface SetAsideDocument {
  opaqueId: OpaqueDocumentId;
  revision: Revision;
  reason: SetAsideReason;
  generation: Generation;
  setAsideAtMs: number;
}

/** Rows kept. A correct provider causes none; beyond this the pull stops instead of filling the disk. */
export const MAX_SET_ASIDE_ROWS = 500;

interface RawItem {
  id: OpaqueDocumentId;
  revision: Revision;
  documentClass: DocumentClass;
  epoch: number;
  tombstone: number;
  generation: Generation;
  sealed: Buffer;
}

export class SetAsideTable {
  constructor(private readonly sql: Sql) {}

  save(item: PullItem, reason: SetAsideReason, atMs: number): void {
    this.sql.run(
      `INSERT INTO set_aside (opaque_id, revision, reason, class, epoch, tombstone, generation, set_aside_at_ms, sealed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (opaque_id, revision) DO UPDATE SET reason = excluded.reason, sealed = excluded.sealed,
         class = excluded.class, epoch = excluded.epoch, tombstone = excluded.tombstone, generation = excluded.generation`,
      item.id, item.revision, reason, item.class, item.epoch, item.tombstone ? 1 : 0, item.generation, atMs, item.sealed);
  }

  list(): SetAsideDocument[] {
    return this.sql.all<SetAsideDocument & Record<string, never>>(
      `SELECT opaque_id AS opaqueId, revision, reason, generation, set_aside_at_ms AS setAsideAtMs FROM set_aside ORDER BY set_aside_at_ms, generation`);
  }

  count(): number {
    return this.sql.get<{ rows: number }>('SELECT count(*) AS rows FROM set_aside')?.rows ?? 0;
  }

  /** As it came, to be tried again. */
  loadItem({ opaqueId, revision }: Pick<SetAsideDocument, 'opaqueId' | 'revision'>): PullItem | null {
    const row = this.sql.get<RawItem>(
      'SELECT opaque_id AS id, revision, class AS documentClass, epoch, tombstone, generation, sealed FROM set_aside WHERE opaque_id = ? AND revision = ?', opaqueId, revision);
    if (!row) return null;
    const { documentClass, tombstone, ...item } = row;
    return { ...item, class: documentClass, tombstone: tombstone === 1, sealed: new Uint8Array(row.sealed) };
  }

  /** A good state of the document came, or the user has seen the alarm. */
  remove(opaqueId: OpaqueDocumentId, revision?: Revision): void {
    if (revision === undefined) this.sql.run('DELETE FROM set_aside WHERE opaque_id = ?', opaqueId);
    else this.sql.run('DELETE FROM set_aside WHERE opaque_id = ? AND revision = ?', opaqueId, revision);
  }
}
