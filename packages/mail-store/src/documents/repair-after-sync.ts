// What two devices can leave behind between them, put right after a sync: no mail is lost to a mailbox that another device
// destroyed, and nothing stays that nobody can see.

import type { DocumentStore, DocumentTransaction } from '@paloma/document-store';
import type { Clock, EmailId, MailboxId } from '@paloma/shared-model';
import { ARCHIVE_ID } from '../role-mailboxes.js';
import { DocumentMailboxes } from './document-mailboxes.js';
import { mailboxIdsOf, updatedEmail } from './email-marks.js';
import { destroyEmail } from './email-removal.js';

/** Call when everything the provider has is here: while documents are still arriving, what is missing may yet come. */
export function repairAfterSync(store: DocumentStore, clock: Clock): void {
  const mailboxes = new DocumentMailboxes(store, clock);
  mailboxes.ensureRoleMailboxes();
  store.transact((transaction) => {
    for (const name of mailboxes.tree.missingParents()) mailboxes.make(transaction, name);
    for (const { emailId } of hiddenEmails(transaction)) repairEmail(transaction, clock, emailId);
  });
}

function repairEmail(transaction: DocumentTransaction, clock: Clock, emailId: EmailId): void {
  const email = transaction.get('email', emailId)?.content;
  if (!email) return;
  const mailboxIds = mailboxIdsOf(email);
  const isMessageGone = isDeleted(transaction, 'message', email.messageId);
  // Taken out of one mailbox here and out of the other one there: destroyed by both together.
  if (mailboxIds.length === 0 || isMessageGone) return destroyEmail(transaction, emailId, email.messageId);
  if (!mailboxIds.every((mailboxId) => isDeleted(transaction, 'mailbox', mailboxId))) return;
  const rescue = { emailId, addMailboxIds: [ARCHIVE_ID], removeMailboxIds: mailboxIds as MailboxId[] };
  transaction.put('email', emailId, updatedEmail(email, rescue, { clock: transaction.nextMarkClock(), nowMs: clock.nowMs() }));
}

function hiddenEmails({ sql }: DocumentTransaction): { emailId: EmailId }[] {
  return sql.all<{ emailId: EmailId }>('SELECT email_id AS emailId FROM mail_email WHERE thread_key IS NULL');
}

function isDeleted(transaction: DocumentTransaction, type: 'message' | 'mailbox', id: string): boolean {
  return transaction.isKnown(type, id) && transaction.get(type, id) === null;
}
