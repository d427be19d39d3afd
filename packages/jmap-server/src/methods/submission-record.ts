// The EmailSubmission object, RFC 8621 §7, with our `protection` (docs/protocol/jmap.md).

import type { Submission, SubmittedRecipient } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import { formatBlobId } from '../blob/blob-reference.js';
import type { JsonObject } from '../json.js';
import type { IdentifiedRecord } from '../standard-methods/record-history.js';
import { formatMailParameters, formatRcptParameters } from '../submission/dsn-parameters.js';
import { formatUtcDate } from '../utc-date.js';

export const SUBMISSION_PROPERTIES = [
  'id', 'identityId', 'emailId', 'threadId', 'envelope', 'sendAt', 'undoStatus', 'deliveryStatus', 'dsnBlobIds', 'mdnBlobIds', 'protection',
] as const;

/** The submissions of an account, without `threadId`, which is the email's and looked up when asked for. */
export async function submissionRecords({ account }: AccountContext): Promise<IdentifiedRecord[]> {
  return (await account.submissions.submissions()).map(submissionRecord);
}

export async function recordsWithThreadIds(submissions: readonly Submission[], { mailStore }: AccountContext): Promise<IdentifiedRecord[]> {
  const emails = await mailStore.getEmails([...new Set(submissions.map(({ emailId }) => emailId))]);
  const threadIds = new Map(emails.map(({ emailId, threadId }) => [emailId, threadId]));
  return submissions.map((submission) => ({ ...submissionRecord(submission), threadId: threadIds.get(submission.emailId) ?? null }));
}

export function submissionRecord({ submissionId, identityId, emailId, reversePath, recipients, sendAtMs, undoStatus, returnedPart, envelopeId, noticeEmailIds }: Submission): IdentifiedRecord {
  return {
    id: submissionId,
    identityId,
    emailId,
    envelope: {
      mailFrom: { email: reversePath, parameters: formatMailParameters({ returnedPart, envelopeId }) },
      rcptTo: recipients.map((recipient) => ({ email: recipient.forwardPath, parameters: formatRcptParameters(recipient) })),
    },
    sendAt: formatUtcDate(sendAtMs),
    undoStatus,
    deliveryStatus: byAddress(recipients, deliveryStatus),
    dsnBlobIds: noticeEmailIds.map((noticeEmailId) => formatBlobId({ kind: 'message', emailId: noticeEmailId })),
    mdnBlobIds: [],
    protection: byAddress(recipients, ({ protection }) => protection),
  };
}

/** `unknown`: the next server has it, and what becomes of it is not known (RFC 8621 §7). */
const DELIVERED = { waiting: 'queued', sent: 'unknown', delivered: 'yes', refused: 'no', cancelled: 'no' } satisfies Record<SubmittedRecipient['state'], string>;

function deliveryStatus({ state, lastReply }: SubmittedRecipient): JsonObject {
  return { smtpReply: lastReply, delivered: DELIVERED[state], displayed: 'unknown' };
}

function byAddress(recipients: readonly SubmittedRecipient[], value: (recipient: SubmittedRecipient) => unknown): JsonObject {
  return Object.fromEntries(recipients.map((recipient) => [recipient.forwardPath, value(recipient)]));
}
