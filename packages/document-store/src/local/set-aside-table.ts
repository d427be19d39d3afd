// What the provider sent and this device did not accept. The sealed octets are kept as they came: nothing is lost by a bug
// or by an old program, and everything is tried again after an upgrade. It is bounded, because a hostile provider fills it.

import { compareRevisions, type DocumentClass, type Generation, type OpaqueDocumentId, type Revision } from '@paloma/shared-model';
import type { PullItem } from '@paloma/sync-protocol';
import type { Sql } from '../document-store.js';

/**
 * openFailed: altered, moved, invented or unsealed. idMismatch: sealed under another id than its own. invalidContent: opened,
 * but breaks its schema. rolledBack: an older state than the provider had already. immutableChanged: a document that never
 * changes came with other content. unmergeable: conflicts with an edit here, and a newer program is needed to merge them.
 * retiredEpoch: sealed under a storage root that was retired; its octets, of use to nobody, are not kept.
 */
export type SetAsideReason = 'openFailed' | 'idMismatch' | 'invalidContent' | 'rolledBack' | 'immutableChanged' | 'unmergeable' | 'retiredEpoch';

export interface SetAsideDocument {
  opaqueId: OpaqueDocumentId;
  revision: Revision;
  reason: SetAsideReason;
  generation: Generation;
  setAsideAtMs: number;
}

/** Rows kept. A correct provider causes none; beyond this the pull stops instead of filling the disk. */
export const MAX_SET_ASIDE_ROWS = 500;

const RETRIED_REASONS: readonly SetAsideReason[] = ['openFailed', 'idMismatch', 'invalidContent', 'unmergeable'];
const RETRIED_REASONS_SQL = RETRIED_REASONS.map((reason) => `'${reason}'`).join(', ');

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

  /** Whether some state of the document waits here. */
  holds(opaqueId: OpaqueDocumentId): boolean {
    return this.sql.get('SELECT 1 FROM set_aside WHERE opaque_id = ? LIMIT 1', opaqueId) !== undefined;
  }

  /** As it came, to be tried again. */
  loadItem({ opaqueId, revision }: Pick<SetAsideDocument, 'opaqueId' | 'revision'>): PullItem | null {
    const row = this.sql.get<RawItem>(
      'SELECT opaque_id AS id, revision, class AS documentClass, epoch, tombstone, generation, sealed FROM set_aside WHERE opaque_id = ? AND revision = ?', opaqueId, revision);
    if (!row) return null;
    const { documentClass, tombstone, ...item } = row;
    return { ...item, class: documentClass, tombstone: tombstone === 1, sealed: new Uint8Array(row.sealed) };
  }

  /** The user has seen the alarm. */
  remove(opaqueId: OpaqueDocumentId, revision: Revision): void {
    this.sql.run('DELETE FROM set_aside WHERE opaque_id = ? AND revision = ?', opaqueId, revision);
  }

  /** A good state of the document came: those that it descends from, or is, need no second try. */
  resolve(opaqueId: OpaqueDocumentId, revision: Revision): void {
    const waiting = this.sql.all<{ revision: Revision }>(
      `SELECT revision FROM set_aside WHERE opaque_id = ? AND reason IN (${RETRIED_REASONS_SQL})`, opaqueId);
    for (const older of waiting) {
      if (['same', 'newer'].includes(compareRevisions(revision, older.revision))) this.remove(opaqueId, older.revision);
    }
  }

  /** The earliest key epoch that something needs which is to be tried again; null when there is nothing. */
  lowestEpoch(): number | null {
    return this.sql.get<{ epoch: number | null }>(`SELECT min(epoch) AS epoch FROM set_aside WHERE reason IN (${RETRIED_REASONS_SQL})`)?.epoch ?? null;
  }

  /** Those that a newer program, or a key that came meanwhile, may accept. */
  listRetried(): SetAsideDocument[] {
    return this.list().filter(({ reason }) => RETRIED_REASONS.includes(reason));
  }
}
