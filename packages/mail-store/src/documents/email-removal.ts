// Destroying emails. The last email of a message takes the message along, a little later (message-removal.ts).

import type { DocumentTransaction } from '@paloma/document-store';
import type { Clock, EmailId, MailboxId } from '@paloma/shared-model';
import { mailboxIdsOf, updatedEmail } from './email-marks.js';
import { awaitRemoval } from './message-removal.js';

/** Inside the transaction. Leaving the last mailbox destroys the email. */
export function takeOutOfMailbox(transaction: DocumentTransaction, clock: Clock, { emailId, mailboxId }: { emailId: EmailId; mailboxId: MailboxId }): void {
  const email = transaction.get('email', emailId)?.content;
  if (!email) return;
  const after = updatedEmail(email, { emailId, removeMailboxIds: [mailboxId] }, { clock: transaction.nextMarkClock(), nowMs: clock.nowMs() });
  if (mailboxIdsOf(after).length > 0) transaction.put('email', emailId, after);
  else destroyEmail(transaction, emailId, email.messageId);
}

/** Inside the transaction. */
export function destroyEmail(transaction: DocumentTransaction, emailId: string, messageId: string): void {
  transaction.delete('email', emailId);
  awaitRemoval(transaction.sql, messageId);
}
