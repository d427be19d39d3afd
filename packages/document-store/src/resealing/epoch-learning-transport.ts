// Another device may seal under a storage root that this one has not heard of yet. Before such an item is looked at, the
// vault is fetched and the root learnt, so that news which comes in the wrong order is no alarm.

import type { BlobId, BlobNamespace } from '@paloma/shared-model';
import { sealedBlobEpoch, type StorageKeys } from '@paloma/crypto/secret';
import type { BlobDownItem } from '@paloma/sync-protocol';
import { HttpsSyncTransport } from '../provider/https-sync-transport.js';
import type { ProviderConnection } from '../provider/provider-connection.js';
import type { PullPage } from '../provider/sync-transport.js';

export interface EpochLearningParts {
  connection: ProviderConnection;
  keys: StorageKeys;
  /** Fetches the vault; afterwards `keys` has what there is to have. */
  learn(): Promise<void>;
}

export class EpochLearningTransport extends HttpsSyncTransport {
  constructor(private readonly parts: EpochLearningParts) {
    super(parts.connection);
  }

  /** Asked before anything is sealed for the provider: from the first on it is sealed under the newest root. */
  override async info(): ReturnType<HttpsSyncTransport['info']> {
    await this.parts.learn();
    return super.info();
  }

  override async pull(request: Parameters<HttpsSyncTransport['pull']>[0]): Promise<PullPage> {
    const page = await super.pull(request);
    await this.#learnFor(page.items.map(({ epoch }) => epoch));
    return page;
  }

  override async fetchBlob(namespace: BlobNamespace, blobId: BlobId): Promise<Uint8Array | null> {
    const sealed = await super.fetchBlob(namespace, blobId);
    if (sealed) await this.#learnFor([sealedBlobEpoch(sealed)]);
    return sealed;
  }

  /** The epoch is at the beginning of a blob. */
  override async fetchBlobPart(...[namespace, blobId, request]: Parameters<HttpsSyncTransport['fetchBlobPart']>): ReturnType<HttpsSyncTransport['fetchBlobPart']> {
    const part = await super.fetchBlobPart(namespace, blobId, request);
    if (part && request.from === 0) await this.#learnFor([sealedBlobEpoch(part.octets)]);
    return part;
  }

  override async downloadBlobs(namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<BlobDownItem[]> {
    const items = await super.downloadBlobs(namespace, blobIds);
    await this.#learnFor(items.map((item) => ('sealed' in item ? sealedBlobEpoch(item.sealed) : null)));
    return items;
  }

  async #learnFor(epochs: readonly (number | null)[]): Promise<void> {
    if (epochs.some((epoch) => epoch !== null && !this.parts.keys.hasEpoch(epoch))) await this.parts.learn();
  }
}
