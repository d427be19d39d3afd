// The incoming box: items sealed by the MX, leased to one device at a time, docs/protocol/sync.md §6.

import type { ReplicaUid } from '@paloma/shared-model';
import {
  INCOMING_STREAM, INCOMING_STREAM_LIMITS, encodeCbor, leaseAnswer, settleAnswer, usersPaths,
  type IncomingItem, type ItemLease, type LeasedItem, type SettleAnswer, type SettleRequest,
} from '@paloma/sync-protocol';
import { readingProtocol, type ProviderAnswer, type ProviderConnection } from './provider-connection.js';

export class IncomingBoxClient {
  constructor(private readonly connection: ProviderConnection) {}

  /** Oldest first, at most `limit`; asking again extends this replica's own leases. */
  async lease(replicaUid: ReplicaUid, limit: number): Promise<LeasedItem[]> {
    return (await (await this.#post(usersPaths.incomingLease, { replicaUid, limit })).cbor(leaseAnswer)).items;
  }

  /** One item after another as they arrive, in no more memory than the largest. @throws {StoreError} from the iteration too */
  async *fetch(items: readonly ItemLease[]): AsyncGenerator<IncomingItem, void, undefined> {
    const answer = await this.#post(usersPaths.incomingFetch, { items: items.map(({ itemId, lease }) => ({ itemId, lease })) });
    const stream = answer.stream(INCOMING_STREAM, INCOMING_STREAM_LIMITS).items[Symbol.asyncIterator]();
    try {
      for (let next = await readingProtocol(() => stream.next()); !next.done; next = await readingProtocol(() => stream.next())) yield next.value;
    } finally {
      await stream.return?.();
    }
  }

  async settle(request: SettleRequest): Promise<SettleAnswer> {
    return (await this.#post(usersPaths.incomingSettle, request)).cbor(settleAnswer);
  }

  #post(path: string, body: unknown): Promise<ProviderAnswer> {
    return this.connection.send({ method: 'POST', path, headers: { 'content-type': 'application/cbor' }, body: encodeCbor(body) });
  }
}
