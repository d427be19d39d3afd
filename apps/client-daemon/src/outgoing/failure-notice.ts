// The notice by which a user learns in his mail program that a recipient will not get a message (RFC 3464), filed in his own
// INBOX; it never travels. Only the header of the message goes with it, unless he asks for all of it (RET=FULL).

import { domainOf, parseMailAddress, type Clock, type RandomSource, type SubmissionDocument, type SubmissionRecipient } from '@paloma/shared-model';
import { formatDeliveryStatusNotification, type FailedRecipient } from '@paloma/mail-format';
import { INBOX_ID, type MailStore } from '@paloma/mail-store';
import { wantsFailureTold } from './notifications-about.js';
import type { TransmissionResult } from './submission-client.js';

export type Refusal = TransmissionResult['refused'][number];

export interface FailureNotices {
  mailStore: MailStore;
  clock: Clock;
  random: RandomSource;
}

/**
 * Files one notice about those of these refusals that the user wants to be told of (NOTIFY). The same refusals of the same submission are one
 * notice, however often they are told.
 */
export async function fileFailureNotice(submission: SubmissionDocument, refusals: readonly Refusal[], message: Uint8Array, { mailStore, clock, random }: FailureNotices): Promise<void> {
  const told = refusals.flatMap((refusal) => submission.recipients.filter(({ forwardPath }) => forwardPath === refusal.forwardPath).filter(wantsFailureTold).map((recipient) => failedRecipient(refusal, recipient)));
  if (told.length === 0) return;
  const octets = formatDeliveryStatusNotification({
    domain: domainOf(parseMailAddress(submission.reversePath)),
    reportingMta: 'localhost',
    sender: submission.reversePath,
    id: `failure.${Buffer.from(random.bytes(15)).toString('hex')}`,
    date: clock.nowMs(),
    arrivedAt: submission.createdAtMs,
    failedRecipients: told,
    original: message,
    envelopeId: submission.envelopeId ?? null,
    returnedPart: submission.returnedPart ?? null,
  }, () => `=_${Buffer.from(random.bytes(18)).toString('base64url')}`);
  const refusedPaths = told.map(({ forwardPath }) => forwardPath).sort();
  await mailStore.append({ octets, mailboxIds: [INBOX_ID], source: { sourceId: ['failure', submission.submissionId, ...refusedPaths].join('\n'), asReceived: null } });
}

function failedRecipient({ forwardPath, reply }: Refusal, { originalRecipient }: SubmissionRecipient): FailedRecipient {
  return { forwardPath, originalRecipient: originalRecipient ?? null, status: enhancedStatusOf(reply), diagnostic: reply, remoteMta: null };
}

/** RFC 2034 §4: the enhanced status code follows the reply code. Without one RFC 3463 §3.1 has "other undefined status". */
function enhancedStatusOf(reply: string): string {
  return /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(reply)?.[1] ?? '5.0.0';
}
