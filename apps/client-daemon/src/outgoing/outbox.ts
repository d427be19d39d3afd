// The outgoing side of an account (RFC 8621 §6 and §7, RFC 6409): what a program submits is durable before it is answered, and the
// sender takes it from there. The same octets to the same recipients submitted again within a day are the same submission: a
// mail program that lost our answer repeats itself. Once it was cancelled or refused to everybody, it is a new wish.

import {
  MAX_MESSAGE_BYTES, MAX_RECIPIENTS, parseEmailId, parseIdentityId, parseMailAddress, parseMailboxId, parseSubmissionId,
  type Clock, type DeliveryReportDocument, type EmailId, type IdentityDocument, type IdentityId, type MailAddress, type RandomSource, type RecipientNotification, type ReportedOutcome,
  type SubmissionDocument, type SubmissionId, type SubmissionRecipient, type TrustDocument,
} from '@paloma/shared-model';
import type { DocumentChange, LocalDocumentStore } from '@paloma/document-store';
import type { Keyring } from '@paloma/keyring';
import type { Identity, MailStore, RecipientState, Submission, SubmissionInput, SubmissionOutcome, SubmissionService, SubmittedRecipient } from '@paloma/mail-store/port';
import { isSameAddress, mailAddressOrNull } from '../mail-address-or-null.js';
import { claimedAuthors } from './claimed-authors.js';
import { completeHeader } from './complete-header.js';
import { DeliveryReports } from './delivery-reports.js';
import { SubmissionRecords, isWaiting } from './submission-records.js';

const SENT = parseMailboxId('sent');
/** How long a repeated submission is taken for a lost answer and not for a second wish. */
const REPEAT_WINDOW_MS = 24 * 3_600_000;
/** Look-ups for the composer's chips that run at once. */
const MAX_ADDRESSES_RESOLVED = MAX_RECIPIENTS;
/** Documents whose changes listeners hear of. */
const OUTGOING_TYPES: ReadonlySet<string> = new Set(['submission', 'delivery-report', 'identity']);
/** Stands where there is no copy: the user destroyed it before its id was recorded. */
const NO_COPY = parseEmailId('destroyed');

export interface OutboxOptions {
  store: LocalDocumentStore;
  mailStore: MailStore;
  keyring: Keyring;
  clock: Clock;
  random: RandomSource;
}

export class Outbox implements SubmissionService {
  readonly records: SubmissionRecords;
  readonly reports: DeliveryReports;
  readonly #options: OutboxOptions;
  readonly #listeners = new Set<() => void>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.records = new SubmissionRecords(options.store);
    this.reports = new DeliveryReports(options.store, this.records);
    options.store.subscribe((changes) => {
      if (changes.some(isKeyReview)) this.records.attemptUndecided(options.clock.nowMs());
      if (changes.some(({ type }) => OUTGOING_TYPES.has(type))) for (const listener of this.#listeners) listener();
    });
  }

  /** The one that the account was made with first. */
  async identities(): Promise<Identity[]> {
    const identities = this.#options.store.list('identity').map(({ content }) => identityOf(content));
    return identities.sort((left, right) => Number(right.identityId === 'primary') - Number(left.identityId === 'primary') || left.address.localeCompare(right.address));
  }

  async updateIdentity(identityId: IdentityId, patch: Partial<Pick<Identity, 'name' | 'textSignature'>>): Promise<boolean> {
    return this.#options.store.transact((transaction) => {
      const known = transaction.get('identity', identityId);
      if (known) transaction.put('identity', identityId, { ...known.content, ...patch });
      return known !== null;
    });
  }

  async submit(input: SubmissionInput): Promise<SubmissionOutcome> {
    const identity = this.#identityFor(input);
    if (!identity) return { ok: false, refusal: 'forbiddenFrom' };
    const forwardPaths = parseForwardPaths(input.forwardPaths);
    if (forwardPaths === null) return { ok: false, refusal: 'invalidRecipients' };
    if (forwardPaths.length === 0) return { ok: false, refusal: 'noRecipients' };
    if (forwardPaths.length > MAX_RECIPIENTS) return { ok: false, refusal: 'tooManyRecipients' };
    const octets = completeHeader(input.octets, parseMailAddress(identity.address), this.#options);
    if (octets.length > MAX_MESSAGE_BYTES) return { ok: false, refusal: 'tooLarge' };
    // Notices that are asked for otherwise make no other wish of it: mail programs repeat themselves word for word.
    const { known, submissionId } = this.#latest(input, forwardPaths);
    const submission = known && this.#isRepeated(known) ? known : this.#add({ ...input, octets }, { submissionId, identity, forwardPaths });
    const emailId = await this.fileCopy(submission);
    return { ok: true, submissionId: parseSubmissionId(submission.submissionId), emailId };
  }

  async submissions(): Promise<Submission[]> {
    return this.records.list().filter(({ emailId }) => emailId !== '').map((submission) => submissionOf(submission, this.reports.find(submission.submissionId)));
  }

  /** Only the device that sends it can say that nothing has left. */
  async cancel(submissionId: SubmissionId): Promise<boolean> {
    return this.records.change(submissionId, (current) => (current.undoStatus !== 'pending' || !this.records.isOwn(current) ? null : {
      ...current, undoStatus: 'canceled', recipients: current.recipients.map((recipient) => ({ ...recipient, state: 'cancelled' })),
    })) !== null;
  }

  async resolveRecipients(addresses: readonly string[]): Promise<{ address: string; state: RecipientState; fingerprint: string | null }[]> {
    return Promise.all(addresses.slice(0, MAX_ADDRESSES_RESOLVED).map((address) => this.#resolve(address)));
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What waits for the key of this address is due now and not at its next turn; the sender hears of it. */
  hasten(address: MailAddress): void {
    const nowMs = this.#options.clock.nowMs();
    for (const { submissionId, recipients } of this.records.unfinished()) {
      const isConcerned = recipients.some((recipient) => isWaiting(recipient) && recipient.protection === 'undecided' && isSameAddress(recipient.forwardPath, address));
      if (isConcerned) this.records.change(parseSubmissionId(submissionId), (current) => ({ ...current, nextAttemptAtMs: Math.max(current.sendAtMs, nowMs) }));
    }
  }

  /** Files the copy in Sent, unless that happened before; also after a crash between storing and filing. */
  async fileCopy(submission: SubmissionDocument): Promise<EmailId> {
    if (submission.emailId !== '') return parseEmailId(submission.emailId);
    const { mailStore } = this.#options;
    const octets = await this.records.loadOctets(submission.messageBlobId);
    const filed = await mailStore.append({
      octets, mailboxIds: [SENT], keywords: ['$seen'], receivedAtMs: submission.createdAtMs, source: { sourceId: `submission ${submission.submissionId}`, asReceived: null },
    });
    const emailId = filed.ok ? filed.emailId : NO_COPY;
    this.records.change(parseSubmissionId(submission.submissionId), (current) => ({ ...current, emailId }));
    return emailId;
  }

  #add(
    input: SubmissionInput,
    { submissionId, identity, forwardPaths }: { submissionId: SubmissionId; identity: IdentityDocument; forwardPaths: readonly MailAddress[] },
  ): SubmissionDocument {
    const nowMs = this.#options.clock.nowMs();
    const { octets, emailId, reversePath, sendAtMs, notifications } = input;
    const { returnedPart, envelopeId } = notifications ?? {};
    const asked = notificationsByPath(input);
    return this.records.add({
      submissionId,
      emailId: emailId ?? '',
      identityId: identity.identityId,
      reversePath,
      recipients: forwardPaths.map((forwardPath) => ({ forwardPath, state: 'waiting', protection: 'undecided', lastReply: '', ...asked.get(forwardPath) })),
      transmissions: [],
      createdAtMs: nowMs,
      sendAtMs: sendAtMs ?? nowMs,
      attempts: 0,
      nextAttemptAtMs: sendAtMs ?? nowMs,
      undoStatus: 'pending',
      ...(returnedPart && { returnedPart }),
      ...(envelopeId !== undefined && { envelopeId }),
    }, octets);
  }

  /** The last submission of these octets to these recipients, with the id of the next; wishes for the same are counted. */
  #latest({ octets, reversePath }: SubmissionInput, forwardPaths: readonly MailAddress[]): { known: SubmissionDocument | null; submissionId: SubmissionId } {
    const { store } = this.#options;
    const subject = [reversePath, ...forwardPaths, store.deriveId('submitted-octets', octets)].join('\n');
    let known: SubmissionDocument | null = null;
    for (let wish = 1; ; wish += 1) {
      const submissionId = parseSubmissionId(store.deriveId('submission', `${subject}\n${wish}`));
      const found = this.records.find(submissionId);
      if (!found) return { known, submissionId };
      known = found;
    }
  }

  #isRepeated({ createdAtMs, recipients }: SubmissionDocument): boolean {
    const isRecent = createdAtMs > this.#options.clock.nowMs() - REPEAT_WINDOW_MS;
    return isRecent && recipients.some(({ state }) => state === 'waiting' || state === 'sent');
  }

  /** RFC 6409 §6.1: both the envelope sender and every author must be the user's own. The null reverse path is nobody's. */
  #identityFor({ octets, reversePath }: SubmissionInput): IdentityDocument | null {
    const identities = this.#options.store.list('identity').map(({ content }) => content);
    const owned = (address: string): IdentityDocument | undefined => identities.find((identity) => isSameAddress(identity.address, address));
    const authors = claimedAuthors(octets)?.map(owned) ?? [];
    return owned(reversePath) && authors.every((author) => author !== undefined) ? authors[0] ?? null : null;
  }

  async #resolve(text: string): Promise<{ address: string; state: RecipientState; fingerprint: string | null }> {
    const address = mailAddressOrNull(text);
    if (address === null) return { address: text, state: 'invalid', fingerprint: null };
    const resolution = await this.#options.keyring.resolve(address);
    return { address: text, state: resolution.state, fingerprint: 'fingerprint' in resolution ? resolution.fingerprint : null };
  }
}

/** The user has decided about a changed key: who waits for that need not wait for the next attempt. */
function isKeyReview({ type, before, after }: DocumentChange): boolean {
  const isDisputed = (trust: unknown): boolean => (trust as TrustDocument | null)?.refusedFingerprint != null;
  return type === 'trust' && isDisputed(before) && !isDisputed(after);
}

function identityOf({ identityId, address, name, textSignature }: IdentityDocument): Identity {
  return { identityId: parseIdentityId(identityId), address: parseMailAddress(address), name, textSignature };
}

function submissionOf(submission: SubmissionDocument, report: DeliveryReportDocument | null): Submission {
  const { submissionId, emailId, identityId, reversePath, recipients, sendAtMs, undoStatus, returnedPart, envelopeId } = submission;
  return {
    submissionId: parseSubmissionId(submissionId), emailId: parseEmailId(emailId), identityId: parseIdentityId(identityId),
    reversePath, sendAtMs, returnedPart, envelopeId, undoStatus: recipients.some(isWaiting) ? undoStatus : undoStatus === 'canceled' ? 'canceled' : 'final',
    recipients: recipients.map((recipient) => recipientOf(recipient, report?.outcomes[recipient.forwardPath])),
    noticeEmailIds: report?.notices.map(({ emailId: noticeEmailId }) => parseEmailId(noticeEmailId)) ?? [],
  };
}

/** A notice says more only about what the provider has taken. */
function recipientOf({ copyEnvelopeId: _copyEnvelopeId, ...recipient }: SubmissionRecipient, reported: ReportedOutcome | undefined): SubmittedRecipient {
  if (recipient.state !== 'sent' || !reported) return recipient;
  return { ...recipient, state: reported.outcome === 'delivered' ? 'delivered' : 'refused', lastReply: reported.reply };
}

/** Of a path that is named twice, what was said last. */
function notificationsByPath({ forwardPaths, notifications }: SubmissionInput): Map<MailAddress, RecipientNotification> {
  return new Map(forwardPaths.map((forwardPath, index) => [parseMailAddress(forwardPath), notifications?.recipients[index] ?? {}]));
}

/** Each path once, in order; `null` when one of them is no address. */
function parseForwardPaths(texts: readonly string[]): MailAddress[] | null {
  const addresses = new Set<MailAddress>();
  for (const text of texts) {
    const address = mailAddressOrNull(text);
    if (address === null) return null;
    addresses.add(address);
  }
  return [...addresses];
}
