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
  /** ENVID of the copy that he gets, where the sender gave none for all (RFC 3461 §4.4). Random; by it notices about him are known, and who gets another copy does not know it. */
  copyEnvelopeId: z.string().optional(),
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

/** `submission:<submissionId>`: the outbox. Kept after sending as the record of what happened. Since version 2 it says what notices were asked for, since version 3 by what they are known. */
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

/** Notices of one submission that are listed: a list of a thousand members may send as many. */
export const MAX_LISTED_NOTICES = 32;

/** What a notice says for good about one recipient (RFC 3464 §2.3.3). */
export const reportedOutcome = z.object({ outcome: z.enum(['delivered', 'failed']), reply: z.string() });
export type ReportedOutcome = z.infer<typeof reportedOutcome>;

/**
 * `delivery-report:<submissionId>`: what notices said after the provider had taken the message. Apart from the submission, which the
 * device that sends it changes: any device may get a notice, and none of them may touch what is still to be sent.
 */
export const deliveryReportDocument = z.object({
  submissionId: z.string(),
  /** By forward path. */
  outcomes: z.record(z.string(), reportedOutcome),
  /** The notices as they were filed, the oldest first. */
  notices: z.array(z.object({ emailId: z.string(), receivedAtMs: epochMs })).max(MAX_LISTED_NOTICES),
});
export type DeliveryReportDocument = z.infer<typeof deliveryReportDocument>;

/** Two devices got a notice each. Of two outcomes the failure counts. Commutative, associative, idempotent. */
export function mergeDeliveryReports(left: DeliveryReportDocument, right: DeliveryReportDocument): DeliveryReportDocument {
  const outcomes = new Map(Object.entries(left.outcomes));
  for (const [forwardPath, reported] of Object.entries(right.outcomes)) {
    const other = outcomes.get(forwardPath);
    if (!other || orderOf(reported) > orderOf(other)) outcomes.set(forwardPath, reported);
  }
  return {
    submissionId: left.submissionId,
    outcomes: Object.fromEntries([...outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
    notices: mergeNotices(left.notices, right.notices),
  };
}

function mergeNotices(left: DeliveryReportDocument['notices'], right: DeliveryReportDocument['notices']): DeliveryReportDocument['notices'] {
  const byEmailId = new Map([...left, ...right].map((notice) => [notice.emailId, notice]));
  return [...byEmailId.values()].sort((a, b) => a.receivedAtMs - b.receivedAtMs || (a.emailId < b.emailId ? -1 : 1)).slice(0, MAX_LISTED_NOTICES);
}

function orderOf({ outcome, reply }: ReportedOutcome): string {
  return `${outcome === 'failed' ? 1 : 0}${reply}`;
}

/** `identity:<identityId>`: a From address that the account may use. */
export const identityDocument = z.object({
  identityId: z.string(),
  address: z.string(),
  name: z.string(),
  textSignature: z.string(),
});
export type IdentityDocument = z.infer<typeof identityDocument>;
