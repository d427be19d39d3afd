import type { AccountId, DocumentClass, ReplicaUid } from '@paloma/shared-model';
import type { PullRequest } from '@paloma/sync-protocol';

/** How far each replica has read the log. Tombstones stay until all have passed them (docs/protocol/sync.md §4.1). */
export abstract class ReplicaProgress {
  /** Notes that a replica holds documents of these classes, having seen nothing else yet. @throws {WireError} as `acknowledge` */
  abstract begin(accountId: AccountId, replica: ReplicaUid, classes: readonly DocumentClass[]): Promise<void>;
  /**
   * Notes what a pull says by its `since`: everything up to there was seen; a replica that reads from 0 begins again. To be
   * called before the page is read, so that nothing is removed that the replica may still need. Whether it reads on from where
   * it was waited for: false for one that went back, or that was never heard of.
   * @throws {WireError} "gone" for a replica that was removed or forgotten; "forbidden" over the replicas of an account
   */
  abstract acknowledge(accountId: AccountId, replica: ReplicaUid, request: Pick<PullRequest, 'since' | 'classes' | 'order'>): Promise<boolean>;
}
