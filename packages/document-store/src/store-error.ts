import { WIRE_ERRORS, isWireErrorCode, type WireErrorCode } from '@paloma/shared-model';

/** Errors that begin on this device; `WireErrorCode` are those the provider answered. */
export type LocalErrorCode =
  /** Wrong database key, or not one of our databases. */
  | 'wrongDatabaseKey'
  /** Another connection, of this process or of another, has the database open. */
  | 'databaseInUse'
  /** The database belongs to another account. */
  | 'wrongAccount'
  /** The database or a document was written by a newer version of this program. */
  | 'needsNewerVersion'
  /** The blob is at the provider, which cannot be reached now. */
  | 'blobUnavailable'
  /** Neither this device nor the provider has the blob. */
  | 'blobMissing'
  /** Sealed octets did not open; no reason is given. */
  | 'openFailed'
  /** Another state of this store wrote under its uid: this one is an old copy. The engine goes on as a new replica. */
  | 'replicaReused'
  /** `SyncEngine.stop` ended the sync before its end; the next one goes on from there. */
  | 'stopped'
  /** No connection to the provider. */
  | 'unreachable'
  /** The provider's answer breaks the protocol or broke off. */
  | 'malformedAnswer'
  /** The provider sent more documents that do not open than this device keeps. */
  | 'tooManySetAside';

export type StoreErrorCode = WireErrorCode | LocalErrorCode;

const RETRYABLE_LOCAL_CODES: ReadonlySet<StoreErrorCode> = new Set(['blobUnavailable', 'stopped', 'unreachable', 'malformedAnswer']);

/** The one error of this package. Messages name sizes and kinds, never content, ids of the user's things or secrets. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** Milliseconds after which the provider wants to be asked again, when it said so. */
  readonly retryAfterMs: number | null;

  constructor(readonly code: StoreErrorCode, message: string, options: ErrorOptions & { retryAfterMs?: number | null } = {}) {
    super(`document-store: ${message}`, options);
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** Whether the same call may succeed later without a change by the caller. */
  get retryable(): boolean {
    return isWireErrorCode(this.code) ? WIRE_ERRORS[this.code][1] : RETRYABLE_LOCAL_CODES.has(this.code);
  }
}
