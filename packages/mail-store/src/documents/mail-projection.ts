// The projection that answers lists, views, sorts and states.

import type { DocumentChange, Projection, Sql } from '@paloma/document-store';
import type { EmailDocument, MailboxDocument, MessageDocument, QuarantineItemDocument } from '@paloma/shared-model';
import { blobsOfMessage, saveBlobReferences } from './blob-references.js';
import { saveSequence, startSequence } from './change-sequence.js';
import { createMailTables, dropMailTables, forgetKeptUids, MAIL_TABLES_VERSION } from './mail-tables.js';
import { settleCounts } from './mailbox-counts.js';
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
    settleCounts(sql);
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
