import type { Sql } from '../document-store.js';

/** Single values of the store: who it belongs to, counters, cursors, the session. */
export type MetaName =
  | 'accountId' | 'replicaUid' | 'formerReplicaUids' | 'markCounter' | 'session'
  | 'cursor0' | 'cursor1' | 'cursor2' | 'floor1' | 'knownGeneration' | 'knownTransactionId' | 'isHeadInherited' | 'lastSyncAtMs' | 'flushes'
  | 'resealEpoch' | 'resealRow' | 'resealBlob' | 'retireEpoch' | 'retireSinceMs'
  | 'ledgerVersion' | 'headNumber' | 'headGeneration' | 'completeGeneration' | 'completeTransactionId' | 'isRecovering' | 'freshnessAlarm' | 'compactedBefore' | 'hasBegun';

export class MetaTable {
  constructor(private readonly sql: Sql) {}

  load(name: MetaName): string | number | null {
    return this.sql.get<{ value: string | number }>('SELECT value FROM meta WHERE name = ?', name)?.value ?? null;
  }

  loadNumber(name: MetaName): number {
    return Number(this.load(name) ?? 0);
  }

  save(name: MetaName, value: string | number): void {
    this.sql.run('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', name, value);
  }

  delete(name: MetaName): void {
    this.sql.run('DELETE FROM meta WHERE name = ?', name);
  }
}
