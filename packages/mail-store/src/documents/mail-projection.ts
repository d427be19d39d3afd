// The projection that answers lists, views, sorts and states.

import type { DocumentChange, Projection, Sql } from '@paloma/document-store';
import type { EmailDocument, MailboxDocument, MessageDocument, QuarantineItemDocument } from '@paloma/shared-model';
import { blobsOfMessage, saveBlobReferences } from './blob-references.js';
import { counter, nextChange, saveSequence, startSequence } from './change-sequence.js';
import { createMailTables, dropMailTables, forgetKeptUids, MAIL_TABLES_VERSION } from './mail-tables.js';
import { projectContent } from './project-content.js';
import { projectEmails, type EmailChange } from './project-email.js';
import { projectMailbox } from './project-mailbox.js';
import { projectMessage } from './project-message.js';

export const mailProjection: Projection = {
  name: 'mail',
  version: MAIL_TABLES_VERSION,
  types: ['mailbox', 'message', 'message-content', 'email', 'quarantine-item'],
  drop: dropMailTables,
  create(sql) {
    createMailTables(sql);
    startSequence(sql);
  },
  apply(changes, sql) {
    if (changes[0]?.type === 'email') projectEmails(sql, changes.map(emailChange));
    else for (const change of changes) applyChange(change, sql);
  },
  finish(sql) {
    noteMailboxesWithNewCounts(sql);
    saveSequence(sql);
    forgetKeptUids(sql);
  },
};

function emailChange({ documentId, documentKey, type, before, after }: DocumentChange): EmailChange {
  return { emailKey: documentKey, emailId: idOf(documentId, type), before: before as EmailDocument | null, after: after as EmailDocument | null };
}

function applyChange({ documentId, documentKey, type, after }: DocumentChange, sql: Sql): void {
  const id = idOf(documentId, type);
  if (type === 'mailbox') projectMailbox(sql, id, after as MailboxDocument | null);
  if (type === 'message') projectMessage(sql, { messageKey: documentKey, messageId: id }, after as MessageDocument | null);
  if (type === 'message-content') projectContent(sql, { contentKey: documentKey, messageId: id }, after !== null);
  if (type === 'message') saveBlobReferences(sql, documentId, after ? blobsOfMessage(after as MessageDocument) : []);
  if (type === 'quarantine-item') saveBlobReferences(sql, documentId, after ? [(after as QuarantineItemDocument).blobId] : []);
}

function idOf(documentId: string, type: string): string {
  return documentId.slice(type.length + 1);
}

// What changed in a mailbox, or in a thread of which it holds an email, may change its counts: unread threads of a mailbox
// count emails of the thread in other mailboxes too (RFC 8621 §2). A UNION is merged in order, for which SQLite would rather
// scan a whole index of the account than the few changes: hence each index by name.
function noteMailboxesWithNewCounts(sql: Sql): void {
  const settled = counter(sql, 'settled');
  const touched = sql.all<{ mailboxId: string }>(
    `WITH touched_thread AS (
       SELECT n.thread_key FROM mail_mailbox b CROSS JOIN mail_entry n INDEXED BY mail_entry_by_change ON n.mailbox_id = b.mailbox_id AND n.changed_at > ? UNION SELECT thread_key FROM mail_thread INDEXED BY mail_thread_by_change WHERE changed_at > ?)
     SELECT mailbox_id AS mailboxId FROM mail_mailbox WHERE mailbox_id IN (
       SELECT n.mailbox_id FROM touched_thread t CROSS JOIN mail_email e ON e.thread_key = t.thread_key CROSS JOIN mail_entry n ON n.email_key = e.email_key
       UNION SELECT mailbox_id FROM mail_vanished INDEXED BY mail_vanished_by_change WHERE changed_at > ?)`, settled, settled, settled);
  for (const { mailboxId } of touched) sql.run('UPDATE mail_mailbox SET changed_at = ? WHERE mailbox_id = ?', nextChange(sql), mailboxId);
}
