// The port between the sync engine and a provider, docs/protocol/sync.md §2 to §5. Adapters: https (the real one) and memory;
// both pass the suite in sync-transport.contract.ts.

import type { BlobId, BlobNamespace, Generation, ReplicaUid } from '@paloma/shared-model';
import type { BlobListAnswer, BlobUpItem, BlobsUpAnswer, InfoAnswer, PullItem, PullRequest, PushAnswer, PushItem, SyncEvent } from '@paloma/sync-protocol';
import type { BlobSource } from '../local/blob-fetcher.js';

export interface PullPage {
  /** In the order asked for. */
  items: PullItem[];
  /** Head of the account. */
  generation: Generation;
  transactionId: PullRequestHead['transactionId'];
  /** The highest generation of a tombstone that was removed, for the classes asked. */
  compacted?: Generation | undefined;
  /** Where the page ends, for the classes asked: the next `since` or, newest first, the next `until`. */
  through: Generation;
}

export type PullRequestHead = NonNullable<PullRequest['known']>;
export type BlobOutcome = BlobsUpAnswer['outcomes'][number];

/** Every method: @throws {StoreError} with the provider's code, "unreachable" or "malformedAnswer" */
export interface SyncTransport extends BlobSource {
  info(): Promise<InfoAnswer>;
  /** One transaction at the provider; outcomes in the order of `items`. */
  push(replicaUid: ReplicaUid, items: readonly PushItem[]): Promise<PushAnswer>;
  /** One page. Of an answer that broke off, the items that were complete, and `through` only as far as they reach. */
  pull(request: Omit<PullRequest, 'v'>): Promise<PullPage>;
  /** Many small blobs in one request; the caller keeps to the limits of `info`. */
  uploadBlobs(namespace: BlobNamespace, blobs: readonly BlobUpItem[]): Promise<BlobOutcome[]>;
  /** Whether it need not be uploaded; false also when the answer does not tell. */
  hasBlob(namespace: BlobNamespace, blobId: BlobId): Promise<boolean>;
  /** One blob of any size. */
  uploadBlob(namespace: BlobNamespace, blobId: BlobId, sealed: Uint8Array): Promise<'stored' | 'present'>;
  /** Sealed octets of a whole blob; null when the provider says that it has no such blob. */
  fetchBlob(namespace: BlobNamespace, blobId: BlobId): Promise<Uint8Array | null>;
  deleteBlob(namespace: BlobNamespace, blobId: BlobId): Promise<void>;
  /** Ascending by id, those after `after`. */
  listBlobs(namespace: BlobNamespace, page: { after?: BlobId; limit?: number }): Promise<BlobListAnswer>;
}

/** What the provider tells by itself, docs/protocol/sync.md §7. */
export interface ProviderEvents {
  /** Tells at once where things stand, when that is known, then every change. Returns the function that ends the subscription. */
  subscribe(listener: (event: SyncEvent) => void): () => void;
}
