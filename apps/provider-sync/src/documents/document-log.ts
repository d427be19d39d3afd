import type { AccountId, Generation, ReplicaUid, TransactionId } from '@paloma/shared-model';
import type { PullItem, PullRequest, PushItem, PushOutcome } from '@paloma/sync-protocol';

/** Where an account's log stands. Generation 0 with an empty transaction id: nothing was ever pushed. */
export interface LogHead {
  generation: Generation;
  transactionId: TransactionId;
}

export interface StorageUse {
  usedBytes: number;
  quotaBytes: number;
}

export interface PulledPage extends LogHead {
  items: PullItem[];
  /** Where this page ends, in the order asked for: docs/protocol/sync.md §4. */
  through: Generation;
  /** The highest generation of a tombstone of these classes that was removed; undefined when there is none. */
  compacted?: Generation;
}

/** An account's sealed documents in their last state, in the order of their generations, which start at 1 and have no gaps. */
export abstract class DocumentLog {
  abstract head(accountId: AccountId): Promise<LogHead & StorageUse>;
  /**
   * One transaction, put-if-newer for each item. `transactionId` is used when something is stored.
   * @throws {WireError} "quotaExceeded"; then nothing is stored
   */
  abstract push(accountId: AccountId, source: ReplicaUid, items: readonly PushItem[], transactionId: TransactionId): Promise<LogHead & { outcomes: PushOutcome[] }>;
  /**
   * At most `request.limit` documents and `maxBytes` sealed octets, but at least one document if there is one. `isReadingOn`: what
   * `ReplicaProgress.acknowledge` answered.
   * @throws {WireError} "generationUnknown", "transactionMismatch" when `request.known` is not of this log; "gone" when tombstones
   * after `request.since` were removed that nobody waited with for this replica
   */
  abstract pull(accountId: AccountId, request: PullRequest, terms: { maxBytes: number; isReadingOn: boolean }): Promise<PulledPage>;
}
