// Which document holds the octets of a message behind its header block. It comes after the message or before it when another device
// wrote them.

import type { DocumentKey, Sql } from '@paloma/document-store';

interface ContentNames {
  /** Of the document with the octets. */
  contentKey: DocumentKey;
  messageId: string;
}

export function projectContent(sql: Sql, { contentKey, messageId }: ContentNames, isHere: boolean): void {
  const message = sql.get<{ messageKey: DocumentKey }>('SELECT message_key AS messageKey FROM mail_message WHERE message_id = ?', messageId);
  if (!isHere) return message ? void sql.run('DELETE FROM mail_content WHERE message_key = ?', message.messageKey) : endWaiting(sql, messageId);
  if (message) saveContent(sql, message.messageKey, contentKey);
  else letWait(sql, messageId, contentKey);
}

/** The message is here: so is its content, if it was before it. */
export function claimContent(sql: Sql, messageId: string, messageKey: DocumentKey): void {
  const waiting = sql.get<{ contentKey: DocumentKey }>('SELECT content_key AS contentKey FROM mail_content_awaiting_message WHERE message_id = ?', messageId);
  if (!waiting) return;
  saveContent(sql, messageKey, waiting.contentKey);
  endWaiting(sql, messageId);
}

/** The message goes, and may come back. */
export function releaseContent(sql: Sql, messageId: string, messageKey: DocumentKey): void {
  const content = sql.get<{ contentKey: DocumentKey }>('DELETE FROM mail_content WHERE message_key = ? RETURNING content_key AS contentKey', messageKey);
  if (content) letWait(sql, messageId, content.contentKey);
}

function saveContent(sql: Sql, messageKey: DocumentKey, contentKey: DocumentKey): void {
  sql.run('INSERT OR REPLACE INTO mail_content (message_key, content_key) VALUES (?, ?)', messageKey, contentKey);
}

function letWait(sql: Sql, messageId: string, contentKey: DocumentKey): void {
  sql.run('INSERT OR REPLACE INTO mail_content_awaiting_message (message_id, content_key) VALUES (?, ?)', messageId, contentKey);
}

function endWaiting(sql: Sql, messageId: string): void {
  sql.run('DELETE FROM mail_content_awaiting_message WHERE message_id = ?', messageId);
}
