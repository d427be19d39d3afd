import type { AccountId, BlobId, BlobNamespace } from '@paloma/shared-model';
import type { BlobListAnswer } from '@paloma/sync-protocol';
import type { OctetsAtRest } from './octets-at-rest.js';

export interface NewBlob {
  blobId: BlobId;
  octets: OctetsAtRest;
}

export type BlobStored = 'stored' | 'present' | 'quotaExceeded';

export type BlobReplaced = { outcome: 'replaced'; before: OctetsAtRest } | { outcome: 'missing' | 'quotaExceeded' };

/** The rows of an account's blobs. Blobs are immutable: the first one of an id stays, unless it is sealed anew. */
export abstract class BlobRepository {
  /** One transaction; one outcome for each blob, in order. Files of blobs that were not stored are the caller's to discard. */
  abstract add(accountId: AccountId, namespace: BlobNamespace, blobs: readonly NewBlob[]): Promise<BlobStored[]>;
  /** One transaction. The file of the octets before, or of those that were not stored, is the caller's to discard. */
  abstract replace(accountId: AccountId, namespace: BlobNamespace, blob: NewBlob): Promise<BlobReplaced>;
  abstract find(accountId: AccountId, namespace: BlobNamespace, blobId: BlobId): Promise<OctetsAtRest | null>;
  /** Those that are there, by id. */
  abstract findAll(accountId: AccountId, namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<Map<BlobId, OctetsAtRest>>;
  abstract sizes(accountId: AccountId, namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<Map<BlobId, number>>;
  /** What was there, whose file the caller discards. */
  abstract remove(accountId: AccountId, namespace: BlobNamespace, blobId: BlobId): Promise<OctetsAtRest | null>;
  abstract list(accountId: AccountId, namespace: BlobNamespace, after: BlobId | null, limit: number): Promise<BlobListAnswer>;
}
