import { formatBlobId } from '../blob/blob-reference.js';
import type { AppendOutcome, MailStore } from '@paloma/mail-store/port';
import { done, invalidProperties, refuse, type SetOutcome } from '../standard-methods/set-error.js';
import type { CreatedObject } from '../standard-methods/set.js';

/** What Email/set and Email/import answer for an email that was filed: RFC 8621 §4.6, §4.8. */
export async function createdEmail(outcome: AppendOutcome, mailStore: MailStore): Promise<SetOutcome<CreatedObject>> {
  if (!outcome.ok) return outcome.refusal === 'mailboxNotFound' ? invalidProperties('mailboxIds') : refuse('tooLarge');
  const { emailId } = outcome;
  const [record] = await mailStore.getEmails([emailId]);
  return done({ id: emailId, blobId: formatBlobId({ kind: 'message', emailId }), threadId: record?.threadId ?? null, size: record?.sizeBytes ?? null });
}
