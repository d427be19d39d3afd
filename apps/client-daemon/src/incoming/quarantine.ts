// Where an item goes that could not be opened or filed: its octets in a blob, with the reason. It is tried again after a key
// import or an upgrade, and shown to the user until then.

import { parseBlobNamespace, type IncomingItemId, type QuarantineItemDocument } from '@paloma/shared-model';
import type { LocalDocumentStore } from '@paloma/document-store';

const NAMESPACE = parseBlobNamespace('quarantine');

export interface QuarantinedItem {
  itemId: IncomingItemId;
  octets: Uint8Array;
  receivedAtMs: number;
}

export class Quarantine {
  readonly #store: LocalDocumentStore;

  constructor(store: LocalDocumentStore) {
    this.#store = store;
  }

  keep({ itemId, octets, receivedAtMs }: QuarantinedItem, reason: QuarantineItemDocument['reason']): void {
    const blobId = this.#store.putBlob(NAMESPACE, octets);
    this.#store.transact((transaction) => {
      const attempts = (transaction.get('quarantine-item', itemId)?.content.attempts ?? 0) + 1;
      transaction.put('quarantine-item', itemId, { incomingItemId: itemId, reason, blobId, sizeBytes: octets.length, receivedAtMs, attempts });
    });
  }

  list(): QuarantineItemDocument[] {
    return this.#store.list('quarantine-item').map(({ content }) => content);
  }
}
