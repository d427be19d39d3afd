// The outgoing side of an account: identities, the durable outbox, and what the user may know of recipients beforehand.

import type { DeliveryStatusRequest, EmailId, IdentityId, MailAddress, RecipientNotification, ReturnedPart, SubmissionId, SubmissionRecipient } from '@paloma/shared-model';

/** RFC 8621 §6. */
export interface Identity {
  identityId: IdentityId;
  address: MailAddress;
  name: string;
  textSignature: string;
}

/** What became of one recipient: `sent` is what the provider took, and nobody has told more. */
export interface SubmittedRecipient extends RecipientNotification, Pick<SubmissionRecipient, 'forwardPath' | 'protection' | 'lastReply'> {
  state: SubmissionRecipient['state'] | 'delivered';
}

/** RFC 8621 §7. */
export interface Submission {
  submissionId: SubmissionId;
  emailId: EmailId;
  identityId: IdentityId;
  reversePath: string;
  recipients: readonly SubmittedRecipient[];
  sendAtMs: number;
  undoStatus: 'pending' | 'final' | 'canceled';
  /** RET and ENVID, where they were given. */
  returnedPart?: ReturnedPart | undefined;
  envelopeId?: string | undefined;
  /** The notices about it that have arrived, oldest first; the user may have destroyed them. */
  noticeEmailIds: readonly EmailId[];
}

export interface SubmissionInput {
  /** The message to send. Bcc fields are taken out of what leaves. */
  octets: Uint8Array;
  /** An email that is already filed (JMAP draft); otherwise a copy is filed in the Sent mailbox. */
  emailId?: EmailId;
  reversePath: string;
  forwardPaths: readonly string[];
  /** Not before; now when absent. */
  sendAtMs?: number;
  /** What the sender wants to be told (RFC 3461 §4); its recipients are those of `forwardPaths`. */
  notifications?: DeliveryStatusRequest | null;
}

export type SubmissionOutcome =
  | { ok: true; submissionId: SubmissionId; emailId: EmailId }
  | { ok: false; refusal: 'forbiddenFrom' | 'noRecipients' | 'invalidRecipients' | 'tooManyRecipients' | 'tooLarge' };

/** The six states a composer shows for a recipient, less "looking up". */
export type RecipientState = 'verified' | 'found' | 'keyChanged' | 'noKey' | 'lookupFailed' | 'invalid';

export interface SubmissionService {
  identities(): Promise<Identity[]>;
  updateIdentity(identityId: IdentityId, patch: Partial<Pick<Identity, 'name' | 'textSignature'>>): Promise<boolean>;
  /** Durable when the promise resolves. */
  submit(input: SubmissionInput): Promise<SubmissionOutcome>;
  submissions(): Promise<Submission[]>;
  /** True when nothing of it had left. */
  cancel(submissionId: SubmissionId): Promise<boolean>;
  resolveRecipients(addresses: readonly string[]): Promise<{ address: string; state: RecipientState; fingerprint: string | null }[]>;
  subscribe(listener: () => void): () => void;
}
