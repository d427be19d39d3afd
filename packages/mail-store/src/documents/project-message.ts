// A message as a row: what lists sort and filter by. Texts for search are kept apart (text-tables.ts).

import type { Sql } from '@paloma/document-store';
import { hasAttachment, imapEnvelope } from '@paloma/mail-format';
import { parseMessageId, type MessageDocument } from '@paloma/shared-model';
import { conversationKeys } from '../conversation.js';
import { readHeaderTexts } from '../header-texts.js';
import { readMessageOrder } from '../order/read-message-order.js';
import { deleteDescription, saveDescription } from './descriptions.js';
import { deleteMessageOrder, saveMessageOrder } from './message-order.js';
import { claimThread, releaseThread } from './project-threads.js';
import { refreshEmail } from './project-email.js';

interface KnownMessage {
  threadId: string;
  messageKey: number;
}

/** Messages are immutable: one that is there already is the same. */
export function projectMessage(sql: Sql, messageId: string, message: MessageDocument | null): void {
  const known = sql.get<KnownMessage>('SELECT thread_id AS threadId, message_key AS messageKey FROM mail_message WHERE message_id = ?', messageId);
  if (message && !known) saveMessage(sql, messageId, message);
  if (!message && known) deleteMessage(sql, messageId, known);
  for (const { emailId } of sql.all<{ emailId: string }>('SELECT email_id AS emailId FROM mail_email WHERE message_id = ?', messageId)) refreshEmail(sql, emailId);
  if (!message && known) releaseThread(sql, known.threadId);
}

function saveMessage(sql: Sql, messageId: string, message: MessageDocument): void {
  const { conversation, sortKeys, sentAtMs, sentLocalMs } = readHeaderTexts(message.headerBlock);
  const threadId = claimThread(sql, messageId, conversationKeys(conversation, parseMessageId(messageId)));
  const envelope = imapEnvelope(message.headerBlock);
  const messageKey = saveDescription(sql, messageId, message.headerBlock, envelope);
  saveMessageOrder(sql, messageKey, readMessageOrder(message.headerBlock, envelope));
  sql.run(
    `INSERT INTO mail_message (message_id, thread_id, message_key, size_bytes, sent_at_ms, sent_local_ms, has_attachment, sort_from, sort_to, sort_cc, sort_subject)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    messageId, threadId, messageKey, message.sizeBytes, sentAtMs, sentLocalMs, Number(hasAttachment(message.rootPart)), sortKeys.from, sortKeys.to, sortKeys.cc, sortKeys.subject);
}

function deleteMessage(sql: Sql, messageId: string, { messageKey }: KnownMessage): void {
  deleteDescription(sql, messageKey);
  deleteMessageOrder(sql, messageKey);
  sql.run('DELETE FROM mail_message WHERE message_id = ?', messageId);
}
