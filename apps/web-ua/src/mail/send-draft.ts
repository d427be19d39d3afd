// Sends a filed draft: EmailSubmission/set, and on success the email moves from Drafts to Sent (RFC 8621 §7.5).

import { changeEmails } from '../jmap/change-emails.js';
import { JmapError } from '../jmap/jmap-error.js';
import type { MailAccount } from '../jmap/mail-account.js';
import type { EmailId, EmailSubmission, MailboxId, SetResponse } from '../jmap/types.js';
import type { Draft } from './draft.js';

const CREATION_ID = 'submission';

/** @throws {JmapError} "set" with the type of RFC 8621 §7.5 (forbiddenFrom, noRecipients, invalidRecipients, …) */
export async function sendDraft(account: MailAccount, draft: Draft, emailId: EmailId, draftsId: MailboxId, sentId: MailboxId): Promise<void> {
  const answer = await account.transport.call<SetResponse<EmailSubmission>>('EmailSubmission/set', {
    create: { [CREATION_ID]: { identityId: draft.identityId, emailId } },
    onSuccessUpdateEmail: {
      [`#${CREATION_ID}`]: { [`mailboxIds/${draftsId}`]: null, [`mailboxIds/${sentId}`]: true, 'keywords/$draft': null },
    },
  }).result;
  if (!answer.created?.[CREATION_ID]) throw new JmapError('set', answer.notCreated?.[CREATION_ID]?.type ?? 'not submitted');
  // The message is on its way; that its origin lacks a mark must not look like a failure to send.
  await markOrigin(account, draft).catch(() => undefined);
}

async function markOrigin(account: MailAccount, { answers, forwards }: Draft): Promise<void> {
  if (answers) await changeEmails(account, new Map([[answers, { keywords: { $answered: true } }]]));
  if (forwards) await changeEmails(account, new Map([[forwards, { keywords: { $forwarded: true } }]]));
}
