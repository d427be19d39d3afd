// One attempt at one submission: decides for each recipient, protects, keeps the exact octets, hands them to the provider, and
// records what happened. Every step is durable before the next one begins, so an attempt may break off anywhere.

import assert from 'node:assert/strict';
import {
  canonicalAddress, parseMailAddress,
  type Clock, type RandomSource, type SubmissionDocument, type SubmissionId, type Transmission,
} from '@paloma/shared-model';
import type { Keyring } from '@paloma/keyring';
import type { MailStore } from '@paloma/mail-store/port';
import { claimedAuthors } from './claimed-authors.js';
import { fileFailureNotice, type Refusal } from './failure-notice.js';
import { notificationsAbout } from './notifications-about.js';
import { planTransmissions, type DecidedRecipient, type PlannedTransmission } from './plan-transmissions.js';
import { encryptMessage, signMessage, type ProtectionKeys } from './protect-message.js';
import { decideRecipient } from './recipient-decision.js';
import type { SubmissionClient, TransmissionResult } from './submission-client.js';
import { isFinished, isWaiting, type SubmissionRecords } from './submission-records.js';
import { visibleRecipients } from './visible-recipients.js';
import { withRefusals, withResult, withTransmission, withWaitReasons } from './recipient-changes.js';

/** Nobody guesses it. */
const COPY_ENVELOPE_ID_BYTES = 16;

export interface DeliveryParts {
  records: SubmissionRecords;
  mailStore: MailStore;
  keyring: Keyring;
  client: SubmissionClient;
  clock: Clock;
  random: RandomSource;
}

export class Delivery {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  async attempt(submissionId: SubmissionId, signal: AbortSignal): Promise<void> {
    await this.#protectUndecided(submissionId);
    for (const transmission of this.#find(submissionId).transmissions) {
      if (!signal.aborted) await this.#transmit(submissionId, transmission, signal);
    }
  }

  /** Refuses whoever still waits, with what was last said about him. */
  async giveUp(submissionId: SubmissionId): Promise<void> {
    const waiting = this.#find(submissionId).recipients.filter(isWaiting);
    await this.#refuse(submissionId, waiting.map(({ forwardPath, lastReply }) => ({ forwardPath, reply: `554 5.4.7 not sent in time: ${lastReply}` })));
  }

  /** Each copy is kept before the next one is made: of a large message there may be one for every blind recipient. */
  async #protectUndecided(submissionId: SubmissionId): Promise<void> {
    const { records } = this.#parts;
    const { recipients, messageBlobId } = this.#find(submissionId);
    const undecided = recipients.filter((recipient) => isWaiting(recipient) && recipient.protection === 'undecided');
    if (undecided.length === 0) return;
    const octets = await records.loadOctets(messageBlobId);
    const sender = await this.#ownKeys(octets);
    const decided = await this.#decide(undecided.map(({ forwardPath }) => forwardPath), octets);
    records.change(submissionId, unlessFinished((current) => withWaitReasons(current, decided)));
    for (const planned of planTransmissions(decided)) {
      const protectedOctets = await this.#protect(octets, planned, sender);
      if (protectedOctets) this.#keep(submissionId, planned, protectedOctets);
    }
  }

  async #decide(forwardPaths: readonly string[], octets: Uint8Array): Promise<DecidedRecipient[]> {
    const visible = visibleRecipients(octets);
    return Promise.all(forwardPaths.map(async (forwardPath) => {
      const address = parseMailAddress(forwardPath);
      const decision = decideRecipient(await this.#parts.keyring.resolve(address));
      return { forwardPath, isBlind: !visible.has(canonicalAddress(address)), decision };
    }));
  }

  /** `null`: a certificate was usable when it was looked up and is no longer; it is looked up again at the next attempt. */
  #protect(octets: Uint8Array, { protection, certificates }: PlannedTransmission, keys: ProtectionKeys): Promise<Uint8Array | null> {
    return protection === 'encrypted' ? encryptMessage(octets, certificates, keys, this.#parts) : signMessage(octets, keys, this.#parts);
  }

  #keep(submissionId: SubmissionId, { protection, forwardPaths }: PlannedTransmission, octets: Uint8Array): void {
    const { records, random } = this.#parts;
    const copyEnvelopeId = Buffer.from(random.bytes(COPY_ENVELOPE_ID_BYTES)).toString('base64url');
    records.change(submissionId, unlessFinished((current) => withTransmission(current, { blobId: records.keepOctets(octets), sizeBytes: octets.length, protection, forwardPaths }, copyEnvelopeId)));
  }

  async #ownKeys(message: Uint8Array): Promise<ProtectionKeys> {
    const { keyring } = this.#parts;
    const [secretKey] = keyring.ownSecretKeys();
    const [author] = claimedAuthors(message) ?? [];
    assert(secretKey && author, 'an open account has its own key, and what it submits an author');
    return { secretKey, certificate: keyring.ownCertificate(), autocryptHeader: await keyring.autocryptHeader(parseMailAddress(author)) };
  }

  async #transmit(submissionId: SubmissionId, transmission: Transmission, signal: AbortSignal): Promise<void> {
    const { records, client } = this.#parts;
    const submission = this.#find(submissionId);
    const { recipients, reversePath } = submission;
    const forwardPaths = transmission.forwardPaths.filter((path) => recipients.some((recipient) => recipient.forwardPath === path && isWaiting(recipient)));
    if (forwardPaths.length === 0) return;
    const octets = await records.loadOctets(transmission.blobId);
    await this.#record(submissionId, transmission, await client.send({ octets, reversePath, forwardPaths, notifications: notificationsAbout(submission, forwardPaths), signal, claim: () => this.#claim(submissionId) }));
  }

  /** From here on it cannot be cancelled any more. False when it was. */
  #claim(submissionId: SubmissionId): boolean {
    const { undoStatus } = this.#find(submissionId);
    if (undoStatus === 'pending') this.#parts.records.change(submissionId, (current) => ({ ...current, undoStatus: 'final' }));
    return undoStatus !== 'canceled';
  }

  async #record(submissionId: SubmissionId, { forwardPaths, protection }: Transmission, result: TransmissionResult): Promise<void> {
    const { records, keyring } = this.#parts;
    await this.#refuse(submissionId, result.refused);
    records.change(submissionId, unlessFinished((current) => withResult(current, forwardPaths, result)));
    if (protection === 'encrypted') for (const forwardPath of result.accepted) keyring.markUsed(parseMailAddress(forwardPath), 'encrypt');
  }

  /** The notice comes first: a crash in between repeats it, which changes nothing, where otherwise it would be missing. */
  async #refuse(submissionId: SubmissionId, refusals: readonly Refusal[]): Promise<void> {
    if (refusals.length === 0) return;
    const { records } = this.#parts;
    const submission = this.#find(submissionId);
    await fileFailureNotice(submission, refusals, await records.loadOctets(submission.messageBlobId), this.#parts);
    records.change(submissionId, unlessFinished((current) => withRefusals(current, refusals)));
  }

  #find(submissionId: SubmissionId): SubmissionDocument {
    const submission = this.#parts.records.find(submissionId);
    assert(submission, 'a submission is never deleted');
    return submission;
  }
}

/** While the attempt waited, the submission may have been cancelled. */
function unlessFinished(patch: (current: SubmissionDocument) => SubmissionDocument): (current: SubmissionDocument) => SubmissionDocument | null {
  return (current) => (isFinished(current) ? null : patch(current));
}
