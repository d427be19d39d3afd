// Submissions as documents: the durable outbox and, afterwards, the record of what happened. Octets live as long as a submission
// that still needs them: they are content-addressed, so two submissions may share them, and the change that finishes a
// submission forgets, in the same transaction, those that no other one waits for.

import { parseBlobId, parseBlobNamespace, parseReplicaUid, type BlobId, type SubmissionDocument, type SubmissionId, type SubmissionRecipient } from '@paloma/shared-model';
import type { DocumentTransaction, LocalDocumentStore } from '@paloma/document-store';
import { envelopeIdFor } from './notifications-about.js';

const OUTBOX_NAMESPACE = parseBlobNamespace('outbox');

export class SubmissionRecords {
  readonly #store: LocalDocumentStore;
  /** Submissions of this device that still have to do something. Kept up inside transactions: the sender is woken by their commit. */
  readonly #unfinished = new Set<SubmissionId>();
  /** null: a program gives several submissions the same ENVID, so it names none. */
  readonly #byEnvelopeId = new Map<string, SubmissionId | null>();

  constructor(store: LocalDocumentStore) {
    this.#store = store;
    for (const submission of this.list()) this.#follow(submission);
    store.subscribe((changes) => {
      for (const { type, after, origin } of changes) if (type === 'submission' && origin === 'sync' && after) this.#noteEnvelopeIds(after as SubmissionDocument);
    });
  }

  find(submissionId: SubmissionId): SubmissionDocument | null {
    return this.#store.get('submission', submissionId)?.content ?? null;
  }

  /** The one that has copies under this ENVID. */
  findByEnvelopeId(envelopeId: string): SubmissionDocument | null {
    const submissionId = this.#byEnvelopeId.get(envelopeId);
    return submissionId ? this.find(submissionId) : null;
  }

  list(): SubmissionDocument[] {
    return this.#store.list('submission').map(({ content }) => content);
  }

  /** Those of this device that still have to do something, oldest first. */
  unfinished(): SubmissionDocument[] {
    return [...this.#unfinished].flatMap((submissionId) => this.find(submissionId) ?? []).filter((submission) => this.isOwn(submission)).sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  isOwn({ ownerReplica }: SubmissionDocument): boolean {
    return ownerReplica === this.#store.replicaUid;
  }

  /**
   * Takes over what this very store was to send while it was another replica: nobody else has the octets. To be called when
   * everything of the provider was received, so that what a newer state of this store has sent is known to be sent. What
   * another device owns stays its own, whatever became of that device.
   */
  adoptFormer(): void {
    const former = this.#store.formerReplicaUids;
    if (former.size === 0) return;
    const orphans = this.list().filter((submission) => former.has(parseReplicaUid(submission.ownerReplica)) && !isFinished(submission) && this.#holdsOctets(submission));
    for (const { submissionId } of orphans) this.change(submissionId as SubmissionId, (current) => ({ ...current, ownerReplica: this.#store.replicaUid }));
  }

  /** Keeps a new submission with its octets. On disk when the call returns. */
  add(submission: Omit<SubmissionDocument, 'messageBlobId' | 'ownerReplica'>, octets: Uint8Array): SubmissionDocument {
    return this.#store.transact((transaction) => {
      const complete = { ...submission, messageBlobId: this.keepOctets(octets), ownerReplica: this.#store.replicaUid };
      transaction.put('submission', submission.submissionId, complete);
      this.#follow(complete);
      return complete;
    }, { durable: true });
  }

  /**
   * Changes the stored submission, on disk when the call returns. A `patch` that gives `null` leaves it as it is, and so
   * does the call. Octets that the patch keeps are part of the change.
   */
  change(submissionId: SubmissionId, patch: (current: SubmissionDocument) => SubmissionDocument | null): SubmissionDocument | null {
    return this.#store.transact((transaction) => {
      const current = transaction.get('submission', submissionId)?.content;
      const patched = current ? patch(current) : null;
      if (!patched) return null;
      const stored = isFinished(patched) ? this.#withoutOctets(patched, transaction) : patched;
      transaction.put('submission', submissionId, stored);
      this.#follow(stored);
      return stored;
    }, { durable: true });
  }

  /** Brings forward the next attempt of what waits for a decision about a recipient, but not before its time. */
  attemptUndecided(nowMs: number): void {
    const isUndecided = (recipient: SubmissionRecipient): boolean => isWaiting(recipient) && recipient.protection === 'undecided';
    this.#bringForward(this.unfinished().filter(({ recipients }) => recipients.some(isUndecided)), nowMs);
  }

  /** Brings forward every next attempt, but none before its time. */
  attemptWaiting(nowMs: number): void {
    this.#bringForward(this.unfinished().filter(({ nextAttemptAtMs, sendAtMs }) => nextAttemptAtMs > Math.max(nowMs, sendAtMs)), nowMs);
  }

  keepOctets(octets: Uint8Array): BlobId {
    return this.#store.putBlob(OUTBOX_NAMESPACE, octets, { isLocalOnly: true });
  }

  loadOctets(blobId: string): Promise<Uint8Array> {
    return this.#store.getBlob(OUTBOX_NAMESPACE, parseBlobId(blobId));
  }

  #bringForward(submissions: readonly SubmissionDocument[], nowMs: number): void {
    for (const { submissionId } of submissions) this.change(submissionId as SubmissionId, (current) => ({ ...current, nextAttemptAtMs: Math.max(nowMs, current.sendAtMs) }));
  }

  #holdsOctets({ messageBlobId }: SubmissionDocument): boolean {
    return this.#store.blobs.stateOf({ namespace: OUTBOX_NAMESPACE, blobId: parseBlobId(messageBlobId) }) === 'localOnly';
  }

  #withoutOctets(submission: SubmissionDocument, transaction: DocumentTransaction): SubmissionDocument {
    const others = [...this.#unfinished].filter((submissionId) => submissionId !== submission.submissionId);
    const needed = new Set(others.flatMap((submissionId) => blobIdsOf(transaction.get('submission', submissionId)?.content)));
    const unneeded = blobIdsOf(submission).filter((blobId) => !needed.has(blobId));
    for (const blobId of unneeded) this.#store.deleteBlob(OUTBOX_NAMESPACE, parseBlobId(blobId));
    return { ...submission, transmissions: [], undoStatus: submission.undoStatus === 'canceled' ? 'canceled' : 'final' };
  }

  #follow(submission: SubmissionDocument): void {
    const submissionId = submission.submissionId as SubmissionId;
    if (this.isOwn(submission) && !isFinished(submission)) this.#unfinished.add(submissionId);
    else this.#unfinished.delete(submissionId);
    this.#noteEnvelopeIds(submission);
  }

  #noteEnvelopeIds(submission: SubmissionDocument): void {
    const submissionId = submission.submissionId as SubmissionId;
    for (const envelopeId of new Set(submission.recipients.flatMap((recipient) => envelopeIdFor(submission, recipient) ?? []))) {
      const isOwnAlone = !this.#byEnvelopeId.has(envelopeId) || this.#byEnvelopeId.get(envelopeId) === submissionId;
      this.#byEnvelopeId.set(envelopeId, isOwnAlone ? submissionId : null);
    }
  }
}

export function isWaiting({ state }: SubmissionRecipient): boolean {
  return state === 'waiting';
}

export function isFinished({ recipients, undoStatus }: SubmissionDocument): boolean {
  return undoStatus === 'canceled' || !recipients.some(isWaiting);
}

function blobIdsOf(submission: SubmissionDocument | undefined): string[] {
  return submission ? [submission.messageBlobId, ...submission.transmissions.map(({ blobId }) => blobId)] : [];
}
