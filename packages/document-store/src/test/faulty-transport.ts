import { parseGeneration, type BlobId, type BlobNamespace, type ReplicaUid } from '@paloma/shared-model';
import type { BlobDownItem, BlobListAnswer, BlobUpItem, InfoAnswer, PullRequest, PushAnswer, PushItem } from '@paloma/sync-protocol';
import type { BlobPart, BlobPartRequest } from '../local/blob-download.js';
import type { BlobOutcome, PullPage, SyncTransport } from '../provider/sync-transport.js';
import { StoreError } from '../store-error.js';

/** lostRequest: never arrives. lostReply: is carried out, the answer never comes. cut: the answer breaks off after one item. */
export type Fault = 'none' | 'lostRequest' | 'lostReply' | 'cut';

/** A network between a device and a provider that goes wrong as told: each request takes the next fault of the list. */
export class FaultyTransport implements SyncTransport {
  faults: Fault[] = [];
  /** Called, and waited for, between the moment a request is carried out and its answer. */
  meanwhile: (() => unknown) | null = null;
  /** Names of the requests made, in order. */
  readonly requests: string[] = [];

  constructor(public inner: SyncTransport) {}

  info(): Promise<InfoAnswer> {
    return this.#pass('info', () => this.inner.info());
  }

  push(replicaUid: ReplicaUid, items: readonly PushItem[]): Promise<PushAnswer> {
    return this.#pass('push', () => this.inner.push(replicaUid, items));
  }

  pull(request: Omit<PullRequest, 'v'>): Promise<PullPage> {
    return this.#pass('pull', () => this.inner.pull(request), (page) => cutAfterOne(page, request.order === 'newest'));
  }

  uploadBlobs(namespace: BlobNamespace, blobs: readonly BlobUpItem[]): Promise<BlobOutcome[]> {
    return this.#pass('uploadBlobs', () => this.inner.uploadBlobs(namespace, blobs));
  }

  hasBlob(namespace: BlobNamespace, blobId: BlobId): Promise<boolean> {
    return this.#pass('hasBlob', () => this.inner.hasBlob(namespace, blobId));
  }

  uploadBlob(namespace: BlobNamespace, blobId: BlobId, sealed: Uint8Array): Promise<'stored' | 'present'> {
    return this.#pass('uploadBlob', () => this.inner.uploadBlob(namespace, blobId, sealed));
  }

  downloadBlobs(namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<BlobDownItem[]> {
    return this.#pass('downloadBlobs', () => this.inner.downloadBlobs(namespace, blobIds));
  }

  fetchBlob(namespace: BlobNamespace, blobId: BlobId): Promise<Uint8Array | null> {
    return this.#pass('fetchBlob', () => this.inner.fetchBlob(namespace, blobId));
  }

  fetchBlobPart(namespace: BlobNamespace, blobId: BlobId, request: BlobPartRequest): Promise<BlobPart | null> {
    return this.#pass('fetchBlobPart', () => this.inner.fetchBlobPart(namespace, blobId, request));
  }

  deleteBlob(namespace: BlobNamespace, blobId: BlobId): Promise<void> {
    return this.#pass('deleteBlob', () => this.inner.deleteBlob(namespace, blobId));
  }

  listBlobs(namespace: BlobNamespace, page: { after?: BlobId; limit?: number }): Promise<BlobListAnswer> {
    return this.#pass('listBlobs', () => this.inner.listBlobs(namespace, page));
  }

  async #pass<Answer>(name: string, carryOut: () => Promise<Answer>, cut: (answer: Answer) => Answer = (answer) => answer): Promise<Answer> {
    const fault = this.faults.shift() ?? 'none';
    this.requests.push(name);
    if (fault === 'lostRequest') throw new StoreError('unreachable', 'the request was lost');
    const answer = await carryOut();
    await this.meanwhile?.();
    if (fault === 'lostReply') throw new StoreError('unreachable', 'the reply was lost');
    return fault === 'cut' ? cut(answer) : answer;
  }
}

function cutAfterOne(page: PullPage, isNewestFirst: boolean): PullPage {
  const [first] = page.items;
  return first && page.items.length > 1 ? { ...page, items: [first], through: parseGeneration(isNewestFirst ? first.generation - 1 : first.generation) } : page;
}
