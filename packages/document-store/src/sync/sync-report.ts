import type { StoreError, StoreErrorCode } from '../store-error.js';

/** What one sync did. Counts are documents unless named otherwise; a sync with nothing to do has zeros alone. */
export interface SyncReport {
  pulled: number;
  pushed: number;
  merged: number;
  blobsUploaded: number;
  blobsDeleted: number;
  /** Came and were not accepted: alarms, listed by `SyncEngine.listSetAside`. */
  setAside: number;
  /** Not pushed yet because a blob they refer to could not be uploaded. */
  heldBack: number;
  /** Documents and blobs the provider does not take, because of their size or of the quota. */
  refused: number;
  /** Conflicts that are still open because other devices were faster again and again. */
  unresolved: number;
  /** This store was an old copy and goes on as another replica; whatever the provider has was read again. */
  isReplicaRenewed: boolean;
  /** Why it ended before its end; null when it did not. */
  failure: SyncFailure | null;
}

export interface SyncFailure {
  code: StoreErrorCode;
  retryable: boolean;
  retryAfterMs: number | null;
}

export function emptyReport(): SyncReport {
  return { pulled: 0, pushed: 0, merged: 0, blobsUploaded: 0, blobsDeleted: 0, setAside: 0, heldBack: 0, refused: 0, unresolved: 0, isReplicaRenewed: false, failure: null };
}

export function failureOf({ code, retryable, retryAfterMs }: StoreError): SyncFailure {
  return { code, retryable, retryAfterMs };
}
