/** What a user is told about synchronisation: a singleton of the account, shown in the UA and pushed by JMAP (docs/protocol/jmap.md). */
export interface SyncStatus {
  phase: 'idle' | 'pulling' | 'pushing' | 'blobs' | 'offline' | 'alarm';
  /** Documents and blobs that the provider does not have yet. */
  pendingUp: number;
  /**
   * Generations of the provider's log that were not looked at yet. Classes are read one by one: a generation that was looked
   * at for one of the three counts two thirds. 0 when, and only when, everything the provider was heard to have is here.
   */
  pendingDown: number;
  lastSyncAtMs: number | null;
  /** Error code of the last sync that failed. */
  error: string | null;
  /** Code of the newest alarm: something the provider did that it must not do. */
  alarm: string | null;
}
