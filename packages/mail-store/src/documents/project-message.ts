// A message as a row: what lists sort and filter by. Texts for search are kept apart (text-tables.ts).

import type { DocumentKey, Sql } from '@paloma/document-store';
import { hasAttachment, imapEnvelope } from '@paloma/mail-format';
import { parseMessageId, type MessageDocument } from '@paloma/shared-model';
import { conversationKeys } from '../conversation.js';
import { readHeaderTexts } from '../header-texts.js';
import { readMessageOrder } from '../order/read-message-order.js';
import { deleteDescription, saveDescription } from './descriptions.js';
import { deleteMessageOrder, saveMessageOrder } from './message-order.js';
import { claimContent, releaseContent } from './project-content.js';
import { claimThread, releaseThread } from './project-threads.js';
import { refreshEmail } from './project-email.js';

interface MessageNames {
  /** Of the document. */
  messageKey: DocumentKey;
  messageId: string;
}

/** Those that wait for the message, and those that have it. */
const EMAILS = `SELECT email_key AS emailKey FROM mail_email WHERE message_key IS NULL AND message_id = ?
  UNION ALL SELECT email_key FROM mail_email WHERE message_key = ?`;

/** Messages are immutable: one that is there already is the same. */
export function projectMessage(sql: Sql, names: MessageNames, message: MessageDocument | null): void {
  const known = sql.get<{ threadKey: number }>('SELECT thread_key AS threadKey FROM mail_message WHERE message_id = ?', names.messageId);
  if (message && !known) saveMessage(sql, names, message);
  if (!message && known) deleteMessage(sql, names);
  const emails = sql.all<{ emailKey: number }>(EMAILS, names.messageId, names.messageKey);
  for (const { emailKey } of emails) refreshEmail(sql, emailKey);
  if (!message && known) releaseThread(sql, known.threadKey);
}

function saveMessage(sql: Sql, { messageKey, messageId }: MessageNames, message: MessageDocument): void {
  const { conversation, sortKeys, sentAtMs, sentLocalMs } = readHeaderTexts(message.headerBlock);
  const threadKey = claimThread(sql, messageId, conversationKeys(conversation, parseMessageId(messageId)));
  const envelope = imapEnvelope(message.headerBlock);
  saveDescription(sql, messageKey, message.headerBlock, envelope);
  saveMessageOrder(sql, messageKey, readMessageOrder(message.headerBlock, envelope));
  sql.run(
    `INSERT INTO mail_message (message_id, thread_key, message_key, size_bytes, sent_at_ms, sent_local_ms, has_attachment, sort_from, sort_to, sort_cc, sort_subject)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    messageId, threadKey, messageKey, message.sizeBytes, sentAtMs, sentLocalMs, Number(hasAttachment(message.rootPart)), sortKeys.from, sortKeys.to, sortKeys.cc, sortKeys.subject);
  claimContent(sql, messageId, messageKey);
}

function deleteMessage(sql: Sql, { messageKey, messageId }: MessageNames): void {
  deleteDescription(sql, messageKey);
  deleteMessageOrder(sql, messageKey);
  releaseContent(sql, messageId, messageKey);
  sql.run('DELETE FROM mail_message WHERE message_id = ?', messageId);
}
