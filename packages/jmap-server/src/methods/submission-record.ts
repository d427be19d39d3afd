// The EmailSubmission object, RFC 8621 §7, with our `protection` (docs/protocol/jmap.md).

import type { SubmissionRecipient } from '@paloma/shared-model';
import type { Submission } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
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

export function submissionRecord({ submissionId, identityId, emailId, reversePath, recipients, sendAtMs, undoStatus, returnedPart, envelopeId }: Submission): IdentifiedRecord {
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
    dsnBlobIds: [],
    mdnBlobIds: [],
    protection: byAddress(recipients, ({ protection }) => protection),
  };
}

/** `unknown`: the next server has it, and what becomes of it is not known (RFC 8621 §7). */
const DELIVERED = { waiting: 'queued', sent: 'unknown', refused: 'no', cancelled: 'no' } satisfies Record<SubmissionRecipient['state'], string>;

function deliveryStatus({ state, lastReply }: SubmissionRecipient): JsonObject {
  return { smtpReply: lastReply, delivered: DELIVERED[state], displayed: 'unknown' };
}

function byAddress(recipients: readonly SubmissionRecipient[], value: (recipient: SubmissionRecipient) => unknown): JsonObject {
  return Object.fromEntries(recipients.map((recipient) => [recipient.forwardPath, value(recipient)]));
}
