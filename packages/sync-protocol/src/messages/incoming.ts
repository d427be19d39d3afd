import { z } from 'zod';
import { streamKind } from '../stream/stream-kind.js';
import { bytes, epochMs, incomingItemId, lease, octetCount, replicaUid } from './fields.js';

/** Items one lease, fetch or settle request may name; a device works on few at a time. */
export const MAX_INCOMING_ITEMS = 500;

const itemList = <Item extends z.ZodType>(item: Item) => z.array(item).max(MAX_INCOMING_ITEMS);

/** `POST /v1/incoming/lease`, docs/protocol/sync.md §6. */
export const leaseRequest = z.object({ replicaUid, limit: z.int().positive() });
export type LeaseRequest = z.infer<typeof leaseRequest>;

export const leasedItem = z.object({
  itemId: incomingItemId,
  lease,
  sizeBytes: octetCount,
  receivedAtMs: epochMs,
  /** How often handling it failed so far. */
  attempts: octetCount,
  leaseUntilMs: epochMs,
});
export type LeasedItem = z.infer<typeof leasedItem>;
export const leaseAnswer = z.object({ items: z.array(leasedItem) });
export type LeaseAnswer = z.infer<typeof leaseAnswer>;

export const itemLease = z.object({ itemId: incomingItemId, lease });
export type ItemLease = z.infer<typeof itemLease>;

/** `POST /v1/incoming/fetch`. */
export const incomingFetchRequest = z.object({ items: itemList(itemLease) });
export type IncomingFetchRequest = z.infer<typeof incomingFetchRequest>;
export const incomingItem = z.union([
  z.object({ itemId: incomingItemId, octets: bytes }),
  z.object({ itemId: incomingItemId, lost: z.literal(true) }),
]);
export type IncomingItem = z.infer<typeof incomingItem>;
export const INCOMING_STREAM = streamKind('incoming', {}, incomingItem);

export const INCOMING_FAILURE_REASONS = ['cannotDecrypt', 'cannotParse', 'tooLarge', 'internal'] as const;

/** `POST /v1/incoming/settle`. */
export const settleRequest = z.object({
  acks: itemList(itemLease),
  releases: itemList(itemLease),
  failures: itemList(itemLease.extend({ reason: z.enum(INCOMING_FAILURE_REASONS) })),
});
export type SettleRequest = z.infer<typeof settleRequest>;
export const settleAnswer = z.object({ lost: z.array(incomingItemId) });
export type SettleAnswer = z.infer<typeof settleAnswer>;
