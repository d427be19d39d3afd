import type { AccountId, IncomingItemId, ReplicaUid } from '@paloma/shared-model';
import type { ItemLease, LeasedItem, SettleRequest } from '@paloma/sync-protocol';
import type { OctetsAtRest } from '../blobs/octets-at-rest.js';

export type Delivered = 'stored' | 'alreadyThere' | 'noAccount' | 'accountDisabled' | 'quotaExceeded';

export interface NewItem {
  accountId: AccountId;
  itemId: IncomingItemId;
  octets: OctetsAtRest;
}

export interface Settled {
  /** Items whose lease had passed to somebody else. */
  lost: IncomingItemId[];
  /** What was acknowledged, whose files the caller discards. */
  taken: Pick<OctetsAtRest, 'fileId'>[];
}

/**
 * Mail sealed by the MX, waiting for one of the account's devices. An item stays until a device has acknowledged it; the id of
 * what was taken is remembered, so that a delivery repeated after a lost reply is recognised.
 */
export abstract class IncomingBox {
  /** Whether `deliver` would find the item known: saves taking in its octets again. */
  abstract isKnown(accountId: AccountId, itemId: IncomingItemId): Promise<boolean>;
  /**
   * What became of each, in their order. Durable when it resolves; tells the accounts' devices. Unless "stored", the file of an item's
   * octets is the caller's to discard. When it rejects, some may be stored.
   */
  abstract deliver(items: readonly NewItem[]): Promise<Delivered[]>;
  /** Oldest first; extends the leases that `replica` already has. */
  abstract lease(accountId: AccountId, replica: ReplicaUid, limit: number): Promise<LeasedItem[]>;
  /** Without those whose lease is not (or no longer) theirs. What is in rows is in memory then. */
  abstract findAll(accountId: AccountId, items: readonly ItemLease[]): Promise<Map<IncomingItemId, OctetsAtRest>>;
  abstract settle(accountId: AccountId, request: SettleRequest): Promise<Settled>;
  abstract countWaiting(accountId: AccountId): Promise<number>;
}
