// The outgoing side in memory, for tests of the servers: what is submitted is filed and listed, and leaves never.

import {
  canonicalAddress, MAX_MESSAGE_BYTES, MAX_RECIPIENTS, parseIdentityId, parseMailAddress, parseSubmissionId,
  type Clock, type EmailId, type IdentityId, type MailAddress, type SubmissionId,
} from '@paloma/shared-model';
import type { Identity, KeyReview, MailStore, RecipientState, ReviewedKey, Submission, SubmissionInput, SubmissionOutcome, SubmissionService } from '../port/index.js';
import { SENT_ID } from '../role-mailboxes.js';

export interface MemorySubmissionServiceOptions {
  mailStore: MailStore;
  clock: Clock;
  /** From addresses; the account's own when absent. The first one has the identity id "primary". */
  addresses?: readonly MailAddress[];
  /** What `resolveRecipients` answers for an address; "noKey" when absent. */
  recipientStates?: ReadonlyMap<string, RecipientState>;
  /** Decides about the addresses that it knows keys of. */
  keys?: KeyReview;
}

export function createMemorySubmissionService(options: MemorySubmissionServiceOptions): SubmissionService {
  return new MemorySubmissionService(options);
}

class MemorySubmissionService implements SubmissionService {
  readonly #identities: Identity[];
  readonly #submissions = new Map<SubmissionId, Submission>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: MemorySubmissionServiceOptions) {
    const addresses = options.addresses ?? [options.mailStore.address];
    this.#identities = addresses.map((address, index) => ({
      identityId: parseIdentityId(index === 0 ? 'primary' : `identity-${index + 1}`), address, name: '', textSignature: '',
    }));
  }

  async identities(): Promise<Identity[]> {
    return this.#identities.map((identity) => ({ ...identity }));
  }

  async updateIdentity(identityId: IdentityId, patch: Partial<Pick<Identity, 'name' | 'textSignature'>>): Promise<boolean> {
    const identity = this.#identities.find((candidate) => candidate.identityId === identityId);
    if (!identity) return false;
    Object.assign(identity, patch);
    this.#tell();
    return true;
  }

  async submit(input: SubmissionInput): Promise<SubmissionOutcome> {
    const identity = this.#identityOf(input.reversePath);
    if (!identity) return { ok: false, refusal: 'forbiddenFrom' };
    if (input.forwardPaths.length === 0) return { ok: false, refusal: 'noRecipients' };
    if (input.forwardPaths.length > MAX_RECIPIENTS) return { ok: false, refusal: 'tooManyRecipients' };
    if (!input.forwardPaths.every(isAddress)) return { ok: false, refusal: 'invalidRecipients' };
    const emailId = input.octets.length > MAX_MESSAGE_BYTES ? null : (input.emailId ?? (await this.#fileInSent(input.octets)));
    if (emailId === null) return { ok: false, refusal: 'tooLarge' };
    const submission = this.#record(input, emailId, identity.identityId);
    return { ok: true, submissionId: submission.submissionId, emailId };
  }

  async submissions(): Promise<Submission[]> {
    return [...this.#submissions.values()];
  }

  async cancel(submissionId: SubmissionId): Promise<boolean> {
    const submission = this.#submissions.get(submissionId);
    if (submission?.undoStatus !== 'pending') return false;
    const recipients = submission.recipients.map((recipient) => ({ ...recipient, state: 'cancelled' as const }));
    this.#submissions.set(submissionId, { ...submission, recipients, undoStatus: 'canceled' });
    this.#tell();
    return true;
  }

  async resolveRecipients(addresses: readonly string[]): ReturnType<SubmissionService['resolveRecipients']> {
    return Promise.all(addresses.map(async (address) => {
      const [known, ...others] = (await this.options.keys?.keysOf([address]))?.[0]?.keys ?? [];
      const state = known ? stateByKeys(known, others) : this.#stateOf(address);
      return { address, state, fingerprint: known?.fingerprint ?? null };
    }));
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #stateOf(address: string): RecipientState {
    return isAddress(address) ? (this.options.recipientStates?.get(address) ?? 'noKey') : 'invalid';
  }

  #identityOf(reversePath: string): Identity | undefined {
    if (!isAddress(reversePath)) return undefined;
    const wanted = canonicalAddress(parseMailAddress(reversePath));
    return this.#identities.find(({ address }) => canonicalAddress(address) === wanted);
  }

  async #fileInSent(octets: Uint8Array): Promise<EmailId | null> {
    const filed = await this.options.mailStore.append({ octets, mailboxIds: [SENT_ID], keywords: ['$seen'] });
    return filed.ok ? filed.emailId : null;
  }

  #record({ reversePath, forwardPaths, sendAtMs, notifications }: SubmissionInput, emailId: EmailId, identityId: IdentityId): Submission {
    const submission: Submission = {
      submissionId: parseSubmissionId(`submission-${this.#submissions.size + 1}`), emailId, identityId, reversePath,
      recipients: forwardPaths.map((forwardPath, index) => ({ forwardPath, state: 'waiting', protection: 'undecided', lastReply: '', ...notifications?.recipients[index] })),
      sendAtMs: sendAtMs ?? this.options.clock.nowMs(), undoStatus: 'pending',
      returnedPart: notifications?.returnedPart, envelopeId: notifications?.envelopeId, noticeEmailIds: [],
    };
    this.#submissions.set(submission.submissionId, submission);
    this.#tell();
    return submission;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function stateByKeys({ level }: ReviewedKey, others: readonly ReviewedKey[]): RecipientState {
  if (others.length > 0) return 'keyChanged';
  return level === 'fingerprint' ? 'verified' : 'found';
}

function isAddress(text: string): boolean {
  try {
    return parseMailAddress(text) !== '';
  } catch {
    return false;
  }
}
