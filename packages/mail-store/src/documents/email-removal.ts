// Destroying emails: the last email of a message takes the message along, and the blobs nothing else refers to.

import type { DocumentStore, DocumentTransaction } from '@paloma/document-store';
import type { Clock, EmailId, MailboxId } from '@paloma/shared-model';
import { blobsOf, deleteUnreferencedBlobs } from './blob-references.js';
import { mailboxIdsOf, updatedEmail } from './email-marks.js';

/** Inside the transaction. Leaving the last mailbox destroys the email. */
export function takeOutOfMailbox(store: DocumentStore, transaction: DocumentTransaction, clock: Clock, { emailId, mailboxId }: { emailId: EmailId; mailboxId: MailboxId }): void {
  const email = transaction.get('email', emailId)?.content;
  if (!email) return;
  const after = updatedEmail(email, { emailId, removeMailboxIds: [mailboxId] }, { clock: transaction.nextMarkClock(), nowMs: clock.nowMs() });
  if (mailboxIdsOf(after).length > 0) transaction.put('email', emailId, after);
  else destroyEmail(store, transaction, emailId, email.messageId);
}

/** Inside the transaction. */
export function destroyEmail(store: DocumentStore, transaction: DocumentTransaction, emailId: string, messageId: string): void {
  transaction.delete('email', emailId);
  const isShared = transaction.sql.get('SELECT 1 FROM mail_email WHERE message_id = ? LIMIT 1', messageId) !== undefined;
  if (!isShared) destroyMessage(store, transaction, messageId);
}

function destroyMessage(store: DocumentStore, transaction: DocumentTransaction, messageId: string): void {
  const blobIds = blobsOf(transaction.sql, `message:${messageId}`);
  transaction.delete('message', messageId);
  transaction.delete('message-content', messageId);
  deleteUnreferencedBlobs(store, blobIds);
}
