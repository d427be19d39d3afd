// Destroying emails: the last email of a message takes the message along, and the blobs nothing else refers to.

import type { DocumentStore, DocumentTransaction } from '@paloma/document-store';
import { blobsOf, deleteUnreferencedBlobs } from './blob-references.js';

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
