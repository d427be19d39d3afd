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
  threadKey: number;
  messageKey: number;
}

/** Those that wait for the message, and those that have it. */
const EMAILS = `SELECT email_key AS emailKey FROM mail_email WHERE message_key IS NULL AND message_id = ?
  UNION ALL SELECT email_key FROM mail_email WHERE message_key = ?`;

/** Messages are immutable: one that is there already is the same. */
export function projectMessage(sql: Sql, messageId: string, message: MessageDocument | null): void {
  const known = sql.get<KnownMessage>('SELECT thread_key AS threadKey, message_key AS messageKey FROM mail_message WHERE message_id = ?', messageId);
  if (message && !known) saveMessage(sql, messageId, message);
  if (!message && known) deleteMessage(sql, messageId, known);
  const emails = sql.all<{ emailKey: number }>(EMAILS, messageId, known?.messageKey ?? null);
  for (const { emailKey } of emails) refreshEmail(sql, emailKey);
  if (!message && known) releaseThread(sql, known.threadKey);
}

function saveMessage(sql: Sql, messageId: string, message: MessageDocument): void {
  const { conversation, sortKeys, sentAtMs, sentLocalMs } = readHeaderTexts(message.headerBlock);
  const threadKey = claimThread(sql, messageId, conversationKeys(conversation, parseMessageId(messageId)));
  const envelope = imapEnvelope(message.headerBlock);
  const messageKey = saveDescription(sql, messageId, message.headerBlock, envelope);
  saveMessageOrder(sql, messageKey, readMessageOrder(message.headerBlock, envelope));
  sql.run(
    `INSERT INTO mail_message (message_id, thread_key, message_key, size_bytes, sent_at_ms, sent_local_ms, has_attachment, sort_from, sort_to, sort_cc, sort_subject)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    messageId, threadKey, messageKey, message.sizeBytes, sentAtMs, sentLocalMs, Number(hasAttachment(message.rootPart)), sortKeys.from, sortKeys.to, sortKeys.cc, sortKeys.subject);
}

function deleteMessage(sql: Sql, messageId: string, { messageKey }: KnownMessage): void {
  deleteDescription(sql, messageKey);
  deleteMessageOrder(sql, messageKey);
  sql.run('DELETE FROM mail_message WHERE message_id = ?', messageId);
}
