// Submissions as documents: the durable outbox and, afterwards, the record of what happened.

import { parseBlobId, parseBlobNamespace, type SubmissionDocument, type SubmissionId, type SubmissionRecipient } from '@paloma/shared-model';
import type { LocalDocumentStore } from '@paloma/document-store';

export const OUTBOX_NAMESPACE = parseBlobNamespace('outbox');

export class SubmissionRecords {
  readonly #store: LocalDocumentStore;

  constructor(store: LocalDocumentStore) {
    this.#store = store;
  }

  find(submissionId: SubmissionId): SubmissionDocument | null {
    return this.#store.get('submission', submissionId)?.content ?? null;
  }

  list(): SubmissionDocument[] {
    return this.#store.list('submission').map(({ content }) => content);
  }

  /** Submissions of this device that still have to do something. */
  unfinished(): SubmissionDocument[] {
    return this.list().filter((submission) => submission.ownerReplica === this.#store.replicaUid && !isFinished(submission));
  }

  /** On disk when the call returns. */
  save(submission: SubmissionDocument): void {
    this.#store.transact((transaction) => transaction.put('submission', submission.submissionId, submission), { durable: true });
  }

  /** Changes the stored submission and gives its new state. */
  change(submissionId: SubmissionId, patch: (current: SubmissionDocument) => SubmissionDocument): SubmissionDocument {
    return this.#store.transact((transaction) => {
      const changed = patch(transaction.get('submission', submissionId)!.content);
      transaction.put('submission', submissionId, changed);
      return changed;
    }, { durable: true });
  }

  keepOctets(octets: Uint8Array): string {
    return this.#store.putBlob(OUTBOX_NAMESPACE, octets, { isLocalOnly: true });
  }

  loadOctets(blobId: string): Promise<Uint8Array> {
    return this.#store.getBlob(OUTBOX_NAMESPACE, parseBlobId(blobId));
  }

  forgetOctets(blobIds: readonly string[]): void {
    for (const blobId of blobIds) this.#store.deleteBlob(OUTBOX_NAMESPACE, parseBlobId(blobId));
  }
}

export function isWaiting({ state }: SubmissionRecipient): boolean {
  return state === 'waiting';
}

export function isFinished({ recipients, undoStatus }: SubmissionDocument): boolean {
  return undoStatus === 'canceled' || !recipients.some(isWaiting);
}
