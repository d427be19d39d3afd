// The incoming box of one account in memory, with the semantics of docs/protocol/sync.md §6.

import { INCOMING_LEASE_MS, parseIncomingItemId, type Clock, type IncomingItemId, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import type { IncomingItem, ItemLease, LeasedItem, SettleAnswer, SettleRequest } from '@paloma/sync-protocol';
import type { IncomingBox } from '../incoming/incoming-box.js';

interface StoredItem {
  itemId: IncomingItemId;
  octets: Uint8Array;
  receivedAtMs: number;
  attempts: number;
  lease: { token: string; holder: ReplicaUid; untilMs: number } | null;
  notBeforeMs: number;
}

/** Wait after a failed attempt. */
const BACK_OFF_MS = 60_000;

export class MemoryIncomingBox implements IncomingBox {
  readonly failures: SettleRequest['failures'] = [];
  readonly #items = new Map<IncomingItemId, StoredItem>();
  readonly #clock: Clock;
  readonly #random: RandomSource;

  constructor(clock: Clock, random: RandomSource) {
    this.#clock = clock;
    this.#random = random;
  }

  get itemIds(): IncomingItemId[] {
    return [...this.#items.keys()];
  }

  /** What the MX does. */
  put(octets: Uint8Array): IncomingItemId {
    const itemId = parseIncomingItemId(this.#token(32));
    this.#items.set(itemId, { itemId, octets, receivedAtMs: this.#clock.nowMs(), attempts: 0, lease: null, notBeforeMs: 0 });
    return itemId;
  }

  async lease(replicaUid: ReplicaUid, limit: number): Promise<LeasedItem[]> {
    const nowMs = this.#clock.nowMs();
    const isFree = ({ lease, notBeforeMs }: StoredItem): boolean => notBeforeMs <= nowMs && (!lease || lease.holder === replicaUid || lease.untilMs <= nowMs);
    return [...this.#items.values()].filter(isFree).slice(0, limit).map((item) => {
      const token = item.lease?.holder === replicaUid ? item.lease.token : this.#token(16);
      item.lease = { token, holder: replicaUid, untilMs: nowMs + INCOMING_LEASE_MS };
      return { itemId: item.itemId, lease: token, sizeBytes: item.octets.length, receivedAtMs: item.receivedAtMs, attempts: item.attempts, leaseUntilMs: item.lease.untilMs };
    });
  }

  async *fetch(items: readonly ItemLease[]): AsyncGenerator<IncomingItem, void, undefined> {
    for (const { itemId, lease } of items) {
      const held = this.#held({ itemId, lease });
      yield held ? { itemId, octets: held.octets.slice() } : { itemId, lost: true };
    }
  }

  async settle({ acks, releases, failures }: SettleRequest): Promise<SettleAnswer> {
    const lost = [...acks, ...releases, ...failures].filter((item) => this.#items.has(item.itemId) && !this.#held(item)).map(({ itemId }) => itemId);
    for (const ack of acks) if (this.#held(ack)) this.#items.delete(ack.itemId);
    for (const release of releases) this.#change(release, (item) => { item.lease = null; });
    for (const failure of failures) this.#change(failure, (item) => Object.assign(item, { lease: null, attempts: item.attempts + 1, notBeforeMs: this.#clock.nowMs() + BACK_OFF_MS }));
    this.failures.push(...failures);
    return { lost };
  }

  #held({ itemId, lease }: ItemLease): StoredItem | undefined {
    const item = this.#items.get(itemId);
    return item?.lease?.token === lease ? item : undefined;
  }

  #change(lease: ItemLease, change: (item: StoredItem) => void): void {
    const item = this.#held(lease);
    if (item) change(item);
  }

  #token(octets: number): string {
    return Buffer.from(this.#random.bytes(octets)).toString('base64url');
  }
}
