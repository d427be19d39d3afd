import type { AccountId, ReplicaUid } from '@paloma/shared-model';

export interface StoredDevice {
  replicaUid: ReplicaUid;
  createdAtMs: number;
  lastSeenAtMs: number;
}

/** Replicas that logged in to an account. */
export abstract class DeviceRepository {
  /** Those that were not removed, oldest first. */
  abstract list(accountId: AccountId): Promise<StoredDevice[]>;
  /** Ends the device's sessions and spends its replica uid, in one transaction; tells the account's devices. False when there is none. */
  abstract remove(accountId: AccountId, replicaUid: ReplicaUid, nowMs: number): Promise<boolean>;
}
