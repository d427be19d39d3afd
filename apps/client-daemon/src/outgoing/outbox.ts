// The outgoing side of an account (RFC 8621 §6 and §7, RFC 6409): what a program submits is durable before it is answered, and the
// sender takes it from there. The same octets to the same recipients submitted again within a day are the same submission: a
// mail program that lost our answer repeats itself.

import {
  MAX_MESSAGE_BYTES, MAX_RECIPIENTS, ModelError, canonicalAddress, parseEmailId, parseIdentityId, parseMailAddress, parseMailboxId, parseSubmissionId,
  type Clock, type EmailId, type IdentityDocument, type IdentityId, type MailAddress, type RandomSource, type SubmissionDocument, type SubmissionId,
} from '@paloma/shared-model';
import type { LocalDocumentStore } from '@paloma/document-store';
import type { Keyring } from '@paloma/keyring';
import { findField, flattenAddresses, parseAddressList, parseHeaderBlock } from '@paloma/mail-format';
import type { Identity, MailStore, RecipientState, Submission, SubmissionInput, SubmissionOutcome, SubmissionService } from '@paloma/mail-store/port';
import { completeHeader } from './complete-header.js';
import { SubmissionRecords, isWaiting } from './submission-records.js';

const SENT = parseMailboxId('sent');
/** How long a repeated submission is taken for a lost answer and not for a second wish. */
const REPEAT_WINDOW_MS = 24 * 3_600_000;
/** Look-ups for the composer's chips that run at once. */
const MAX_ADDRESSES_RESOLVED = MAX_RECIPIENTS;

export interface OutboxOptions {
  store: LocalDocumentStore;
  mailStore: MailStore;
  keyring: Keyring;
  clock: Clock;
  random: RandomSource;
}

export class Outbox implements SubmissionService {
  readonly records: SubmissionRecords;
  readonly #options: OutboxOptions;
  readonly #listeners = new Set<() => void>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.records = new SubmissionRecords(options.store);
    options.store.subscribe((changes) => {
      if (changes.some(({ type }) => type === 'submission' || type === 'identity')) for (const listener of this.#listeners) listener();
    });
  }

  async identities(): Promise<Identity[]> {
    return this.#options.store.list('identity').map(({ content }) => identityOf(content));
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
    if (input.octets.length > MAX_MESSAGE_BYTES) return { ok: false, refusal: 'tooLarge' };
    const submission = this.#repeated(input, forwardPaths) ?? this.#store(input, identity, forwardPaths);
    const emailId = await this.fileCopy(submission);
    return { ok: true, submissionId: parseSubmissionId(submission.submissionId), emailId };
  }

  async submissions(): Promise<Submission[]> {
    return this.records.list().filter(({ emailId }) => emailId !== '').map(submissionOf);
  }

  async cancel(submissionId: SubmissionId): Promise<boolean> {
    const submission = this.records.find(submissionId);
    if (!submission || submission.undoStatus !== 'pending') return false;
    const cancelled = this.records.change(submissionId, (current) => ({
      ...current, undoStatus: 'canceled', transmissions: [], recipients: current.recipients.map((recipient) => ({ ...recipient, state: 'cancelled' })),
    }));
    this.records.forgetOctets([cancelled.messageBlobId]);
    return true;
  }

  async resolveRecipients(addresses: readonly string[]): Promise<{ address: string; state: RecipientState; fingerprint: string | null }[]> {
    return Promise.all(addresses.slice(0, MAX_ADDRESSES_RESOLVED).map((address) => this.#resolve(address)));
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Files the copy in Sent, unless that happened before; also after a crash between storing and filing. */
  async fileCopy(submission: SubmissionDocument): Promise<EmailId> {
    if (submission.emailId !== '') return parseEmailId(submission.emailId);
    const { mailStore } = this.#options;
    const octets = await this.records.loadOctets(submission.messageBlobId);
    const filed = await mailStore.append({
      octets, mailboxIds: [SENT], keywords: ['$seen'], receivedAtMs: submission.createdAtMs, source: { incomingItemId: `submission ${submission.submissionId}`, asReceived: null },
    });
    const emailId = filed.ok ? filed.emailId : parseEmailId('gone');
    this.records.change(parseSubmissionId(submission.submissionId), (current) => ({ ...current, emailId }));
    return emailId;
  }

  #store({ octets, emailId, reversePath, sendAtMs }: SubmissionInput, identity: IdentityDocument, forwardPaths: readonly MailAddress[]): SubmissionDocument {
    const { clock, store } = this.#options;
    const nowMs = clock.nowMs();
    const complete = completeHeader(octets, parseMailAddress(identity.address), this.#options);
    const submission: SubmissionDocument = {
      submissionId: this.#submissionIdOf({ octets, reversePath, forwardPaths }),
      emailId: emailId ?? '',
      identityId: identity.identityId,
      reversePath,
      recipients: forwardPaths.map((forwardPath) => ({ forwardPath, state: 'waiting', protection: 'undecided', lastReply: '' })),
      messageBlobId: this.records.keepOctets(complete),
      transmissions: [],
      createdAtMs: nowMs,
      sendAtMs: sendAtMs ?? nowMs,
      attempts: 0,
      nextAttemptAtMs: sendAtMs ?? nowMs,
      undoStatus: 'pending',
      ownerReplica: store.replicaUid,
    };
    this.records.save(submission);
    return submission;
  }

  #repeated({ octets, reversePath }: SubmissionInput, forwardPaths: readonly MailAddress[]): SubmissionDocument | null {
    const known = this.records.find(parseSubmissionId(this.#submissionIdOf({ octets, reversePath, forwardPaths })));
    return known && known.createdAtMs > this.#options.clock.nowMs() - REPEAT_WINDOW_MS ? known : null;
  }

  #submissionIdOf({ octets, reversePath, forwardPaths }: { octets: Uint8Array; reversePath: string; forwardPaths: readonly string[] }): string {
    const { store } = this.#options;
    return store.deriveId('submission', [reversePath, ...forwardPaths, store.deriveId('submitted-octets', octets)].join('\n'));
  }

  /** RFC 6409 §6.1: both the envelope sender and every From address must be the user's own. */
  #identityFor({ octets, reversePath }: SubmissionInput): IdentityDocument | null {
    const identities = this.#options.store.list('identity').map(({ content }) => content);
    const owned = (address: string): IdentityDocument | undefined => identities.find((identity) => isSameAddress(identity.address, address));
    const from = flattenAddresses(parseAddressList(findField(parseHeaderBlock(octets), 'From')?.text ?? ''));
    const identity = from[0] && owned(from[0].address);
    return identity && owned(reversePath) && from.every(({ address }) => owned(address)) ? identity : null;
  }

  async #resolve(text: string): Promise<{ address: string; state: RecipientState; fingerprint: string | null }> {
    const address = tryParseAddress(text);
    if (address === null) return { address: text, state: 'invalid', fingerprint: null };
    const resolution = await this.#options.keyring.resolve(address);
    return { address: text, state: resolution.state, fingerprint: 'fingerprint' in resolution ? resolution.fingerprint : null };
  }
}

function identityOf({ identityId, address, name, textSignature }: IdentityDocument): Identity {
  return { identityId: parseIdentityId(identityId), address: parseMailAddress(address), name, textSignature };
}

function submissionOf(submission: SubmissionDocument): Submission {
  const { submissionId, emailId, identityId, reversePath, recipients, sendAtMs, undoStatus } = submission;
  return {
    submissionId: parseSubmissionId(submissionId), emailId: parseEmailId(emailId), identityId: parseIdentityId(identityId),
    reversePath, recipients, sendAtMs, undoStatus: recipients.some(isWaiting) ? undoStatus : undoStatus === 'canceled' ? 'canceled' : 'final',
  };
}

/** Each path once, in order; `null` when one of them is no address. */
function parseForwardPaths(texts: readonly string[]): MailAddress[] | null {
  const addresses = texts.map(tryParseAddress);
  return addresses.includes(null) ? null : [...new Set(addresses as MailAddress[])];
}

function tryParseAddress(text: string): MailAddress | null {
  try {
    return parseMailAddress(text);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}

function isSameAddress(left: string, right: string): boolean {
  const [a, b] = [tryParseAddress(left), tryParseAddress(right)];
  return a !== null && b !== null && canonicalAddress(a) === canonicalAddress(b);
}
