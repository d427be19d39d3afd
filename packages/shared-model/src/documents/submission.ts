import { z } from 'zod';
import { bytes, epochMs } from './document.js';

/** What happened to one recipient. `waiting` is retried; the other three are final. */
export const RECIPIENT_STATES = ['waiting', 'sent', 'refused', 'cancelled'] as const;
export const submissionRecipient = z.object({
  forwardPath: z.string(),
  state: z.enum(RECIPIENT_STATES),
  protection: z.enum(['undecided', 'encrypted', 'signedOnly']),
  /** Last answer about this recipient, for the user: an SMTP reply text or a sentence of ours. */
  lastReply: z.string(),
});
export type SubmissionRecipient = z.infer<typeof submissionRecipient>;

/** `submission:<submissionId>`: the outbox. Kept after sending as the record of what happened. */
export const submissionDocument = z.object({
  submissionId: z.string(),
  emailId: z.string(),
  identityId: z.string(),
  reversePath: z.string(),
  recipients: z.array(submissionRecipient),
  /** Message as composed, before signing and encrypting. Emptied when every recipient is final. */
  octets: bytes,
  createdAtMs: epochMs,
  sendAtMs: epochMs,
  attempts: z.number().int().nonnegative(),
  nextAttemptAtMs: epochMs,
  undoStatus: z.enum(['pending', 'final', 'canceled']),
  /** The device that sends it; the others only watch. */
  ownerReplica: z.string(),
});
export type SubmissionDocument = z.infer<typeof submissionDocument>;

/** `identity:<identityId>`: a From address that the account may use. */
export const identityDocument = z.object({
  identityId: z.string(),
  address: z.string(),
  name: z.string(),
  textSignature: z.string(),
});
export type IdentityDocument = z.infer<typeof identityDocument>;
