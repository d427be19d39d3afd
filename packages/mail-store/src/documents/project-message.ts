// A message as a row: what lists sort and filter by. Texts for search are kept apart (text-tables.ts).

import type { Sql } from '@paloma/document-store';
import { hasAttachment } from '@paloma/mail-format';
import { parseMessageId, type MessageDocument } from '@paloma/shared-model';
import { conversationKeys } from '../conversation.js';
import { readHeaderTexts } from '../header-texts.js';
import { deleteEnvelope, saveEnvelope } from './envelopes.js';
import { claimThread, releaseThread } from './project-threads.js';
import { refreshEmail } from './project-email.js';

/** Messages are immutable: one that is there already is the same. */
export function projectMessage(sql: Sql, messageId: string, message: MessageDocument | null): void {
  const threadId = sql.get<{ threadId: string }>('SELECT thread_id AS threadId FROM mail_message WHERE message_id = ?', messageId)?.threadId;
  if (message && threadId === undefined) saveMessage(sql, messageId, message);
  if (!message) deleteEnvelope(sql, messageId);
  if (!message) sql.run('DELETE FROM mail_message WHERE message_id = ?', messageId);
  for (const { emailId } of sql.all<{ emailId: string }>('SELECT email_id AS emailId FROM mail_email WHERE message_id = ?', messageId)) refreshEmail(sql, emailId);
  if (!message && threadId !== undefined) releaseThread(sql, threadId);
}

function saveMessage(sql: Sql, messageId: string, message: MessageDocument): void {
  const { conversation, sortKeys, sentAtMs } = readHeaderTexts(message.headerBlock);
  const threadId = claimThread(sql, messageId, conversationKeys(conversation, parseMessageId(messageId)));
  sql.run(
    `INSERT INTO mail_message (message_id, thread_id, envelope_key, size_bytes, sent_at_ms, has_attachment, sort_from, sort_to, sort_cc, sort_subject)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    messageId, threadId, saveEnvelope(sql, message.headerBlock), message.sizeBytes, sentAtMs, Number(hasAttachment(message.rootPart)), sortKeys.from, sortKeys.to, sortKeys.cc, sortKeys.subject);
}
