// Where an item goes that could not be opened or filed: its octets in a blob, with the reason. What could not be decrypted is
// tried again when the program starts (it may be a newer one) and whenever an own key arrives, by sync or import.

import { parseBlobId, parseBlobNamespace, type IncomingItemId, type QuarantineItemDocument } from '@paloma/shared-model';
import type { LocalDocumentStore } from '@paloma/document-store';

const NAMESPACE = parseBlobNamespace('quarantine');

export interface QuarantinedItem {
  itemId: IncomingItemId;
  octets: Uint8Array;
  receivedAtMs: number;
}

export class Quarantine {
  readonly #store: LocalDocumentStore;
  #isDue = true;

  constructor(store: LocalDocumentStore) {
    this.#store = store;
  }

  /** Calls when an own key has come; then items are due again. Returns the function that ends it. */
  onNewKey(listener: () => void): () => void {
    return this.#store.subscribe((changes) => {
      if (!changes.some(({ type }) => type === 'secret-key')) return;
      this.#isDue = true;
      listener();
    });
  }

  keep({ itemId, octets, receivedAtMs }: QuarantinedItem, reason: QuarantineItemDocument['reason']): void {
    this.#store.transact((transaction) => {
      const blobId = this.#store.putBlob(NAMESPACE, octets);
      const attempts = (transaction.get('quarantine-item', itemId)?.content.attempts ?? 0) + 1;
      transaction.put('quarantine-item', itemId, { incomingItemId: itemId, reason, blobId, sizeBytes: octets.length, receivedAtMs, attempts });
    });
  }

  list(): QuarantineItemDocument[] {
    return this.#store.list('quarantine-item').map(({ content }) => content);
  }

  /** Items that are worth another try; none until the next start or key. */
  takeDue(): QuarantineItemDocument[] {
    const due = this.#isDue ? this.list().filter(({ reason }) => reason === 'cannotDecrypt') : [];
    this.#isDue = false;
    return due;
  }

  /** @throws {StoreError} "blobUnavailable" when they are at the provider and cannot be fetched now */
  load({ blobId }: QuarantineItemDocument): Promise<Uint8Array> {
    return this.#store.getBlob(NAMESPACE, parseBlobId(blobId));
  }

  /** The item is filed. */
  release({ incomingItemId, blobId }: QuarantineItemDocument): void {
    this.#store.transact((transaction) => {
      transaction.delete('quarantine-item', incomingItemId);
      const isShared = this.list().some((other) => other.incomingItemId !== incomingItemId && other.blobId === blobId);
      if (!isShared) this.#store.deleteBlob(NAMESPACE, parseBlobId(blobId));
    });
  }
}
