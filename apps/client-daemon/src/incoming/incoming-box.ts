import type { ReplicaUid } from '@paloma/shared-model';
import type { IncomingItem, ItemLease, LeasedItem, SettleAnswer, SettleRequest } from '@paloma/sync-protocol';

/** The account's incoming box at the provider (port; docs/protocol/sync.md §6). Its contract is incoming-box.contract.ts. */
export interface IncomingBox {
  /** Oldest first, at most `limit`; asking again extends this replica's own leases. */
  lease(replicaUid: ReplicaUid, limit: number): Promise<LeasedItem[]>;
  /** One after another; `lost` in place of the octets when the lease has passed to somebody else. */
  fetch(items: readonly ItemLease[]): AsyncIterable<IncomingItem>;
  /** Gives items back: `acks` are done and forgotten, `releases` are offered again at once, `failures` after a while. */
  settle(request: SettleRequest): Promise<SettleAnswer>;
}
