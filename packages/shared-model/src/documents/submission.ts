import { z } from 'zod';
import { recipientNotification, RETURNED_PARTS } from '../delivery-status-request.js';
import { epochMs, octetCount } from './document.js';

/** What happened to one recipient. `waiting` is retried; the other three are final. */
export const RECIPIENT_STATES = ['waiting', 'sent', 'refused', 'cancelled'] as const;
export const submissionRecipient = z.object({
  forwardPath: z.string(),
  state: z.enum(RECIPIENT_STATES),
  protection: z.enum(['undecided', 'encrypted', 'signedOnly']),
  /** Last answer about this recipient, for the user: an SMTP reply text or a sentence of ours. */
  lastReply: z.string(),
  ...recipientNotification.shape,
});
export type SubmissionRecipient = z.infer<typeof submissionRecipient>;

/**
 * One protected form of the message with the recipients that get exactly these octets. Kept until its recipients are
 * final: a device that dies after the provider's `250` sends the same octets again, and the provider knows them.
 */
export const transmission = z.object({
  blobId: z.string(),
  sizeBytes: octetCount,
  protection: z.enum(['encrypted', 'signedOnly']),
  forwardPaths: z.array(z.string()),
});
export type Transmission = z.infer<typeof transmission>;

/** `submission:<submissionId>`: the outbox. Kept after sending as the record of what happened. Since version 2 it says what notices were asked for. */
export const submissionDocument = z.object({
  submissionId: z.string(),
  /** The copy in Sent, or the draft it came from; empty until the copy is filed. */
  emailId: z.string(),
  identityId: z.string(),
  reversePath: z.string(),
  recipients: z.array(submissionRecipient),
  /** Message as composed, before signing and encrypting: a blob of the namespace `outbox`. */
  messageBlobId: z.string(),
  transmissions: z.array(transmission),
  createdAtMs: epochMs,
  sendAtMs: epochMs,
  attempts: z.number().int().nonnegative(),
  nextAttemptAtMs: epochMs,
  undoStatus: z.enum(['pending', 'final', 'canceled']),
  /** The device that sends it; the others only watch. */
  ownerReplica: z.string(),
  /** RET and ENVID, where they were given (RFC 3461 §4.3, §4.4). */
  returnedPart: z.enum(RETURNED_PARTS).optional(),
  envelopeId: z.string().optional(),
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
