// Group commit. What is to be stored while requests are under way gathers, and goes together with the next one: under load many messages
// share a request, a transaction and its wait for the disk; one that comes alone goes at once.

import { MAX_DELIVERY_BODY_BYTES, MAX_DELIVERY_ITEMS, type DeliveryRequest } from '@paloma/sync-protocol';
import type { IncomingResult } from './services-api.js';

/** Fewer wait for the request that is under way: small requests cost the most. So many go without waiting for it. */
const LARGE_BATCH_ITEMS = 16;
const MAX_REQUESTS_AT_ONCE = 4;
/** CBOR around the octets of one item: its ids, keys and lengths. */
const MAX_ITEM_OVERHEAD_BYTES = 256;

export type DeliveryItem = DeliveryRequest['items'][number];

interface WaitingItem {
  item: DeliveryItem;
  settle: (result: IncomingResult) => void;
}

export class DeliveryBatches {
  #waiting: WaitingItem[] = [];
  #requests = 0;

  /** `send` gives a result for each item, in their order, and does not reject. */
  constructor(private readonly send: (items: readonly DeliveryItem[]) => Promise<readonly IncomingResult[]>) {}

  put(item: DeliveryItem): Promise<IncomingResult> {
    return new Promise((settle) => {
      this.#waiting.push({ item, settle });
      if (this.#mayBegin()) void this.#sendOn();
    });
  }

  #mayBegin(): boolean {
    return this.#requests === 0 || (this.#requests < MAX_REQUESTS_AT_ONCE && this.#waiting.length >= LARGE_BATCH_ITEMS);
  }

  async #sendOn(): Promise<void> {
    this.#requests += 1;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, countFitting(this.#waiting));
      const results = await this.send(batch.map(({ item }) => item));
      batch.forEach(({ settle }, index) => settle(results[index] ?? 'outage'));
    }
    this.#requests -= 1;
  }
}

/** How many, from the first, fit into one request. */
function countFitting(waiting: readonly WaitingItem[]): number {
  let roomBytes = MAX_DELIVERY_BODY_BYTES;
  const over = waiting.findIndex(({ item }) => (roomBytes -= item.sealed.length + MAX_ITEM_OVERHEAD_BYTES) < MAX_ITEM_OVERHEAD_BYTES);
  return Math.min(over === -1 ? waiting.length : over, MAX_DELIVERY_ITEMS);
}
