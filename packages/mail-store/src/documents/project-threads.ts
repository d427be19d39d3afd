// Threads as rows: see conversation.ts for the rule. A thread is known from its first message on and listed while it has a visible
// email.

import type { Sql } from '@paloma/document-store';
import { nextChange, noteDestroyed } from './change-sequence.js';
import { noteCountsMayDiffer } from './mailbox-counts.js';

/** Gives a new message its thread; threads that it connects become one, under the id of the oldest. */
export function claimThread(sql: Sql, messageId: string, keys: readonly string[]): number {
  const [oldest, ...others] = threadsOfKeys(sql, keys);
  const threadKey = oldest ?? sql.run('INSERT INTO mail_thread (thread_id) VALUES (?)', `T${messageId.slice(1)}`).lastInsertRowid;
  for (const other of others) mergeThread(sql, other, threadKey);
  for (const key of keys) sql.run('INSERT OR REPLACE INTO mail_conversation_key (conversation_key, thread_key) VALUES (?, ?)', key, threadKey);
  return threadKey;
}

/** When a message goes: the last one takes its thread along. */
export function releaseThread(sql: Sql, threadKey: number): void {
  const isInUse = sql.get('SELECT 1 FROM mail_message WHERE thread_key = ? LIMIT 1', threadKey) !== undefined;
  if (isInUse) return;
  for (const table of ['mail_conversation_key', 'mail_thread']) sql.run(`DELETE FROM ${table} WHERE thread_key = ?`, threadKey);
}

/** Notes that emails came to a thread or left it. */
export function noteThreadChanged(sql: Sql, threadKey: number): void {
  const { threadId, createdAt } = sql.get<{ threadId: string; createdAt: number }>('SELECT thread_id AS threadId, created_at AS createdAt FROM mail_thread WHERE thread_key = ?', threadKey)!;
  const hasEmails = sql.get('SELECT 1 FROM mail_email WHERE thread_key = ? LIMIT 1', threadKey) !== undefined;
  if (!hasEmails && createdAt === 0) return;
  const changedAt = hasEmails ? nextChange(sql) : 0;
  sql.run('UPDATE mail_thread SET created_at = ?, changed_at = ? WHERE thread_key = ?', hasEmails ? createdAt || changedAt : 0, changedAt, threadKey);
  if (!hasEmails) noteDestroyed(sql, 'Thread', threadId, createdAt);
}

/** Oldest first; threads without a visible email last. */
function threadsOfKeys(sql: Sql, keys: readonly string[]): number[] {
  const rows = sql.all<{ threadKey: number }>(
    `SELECT DISTINCT t.thread_key AS threadKey FROM json_each(?) AS claimed
     JOIN mail_conversation_key k ON k.conversation_key = claimed.value JOIN mail_thread t ON t.thread_key = k.thread_key
     ORDER BY t.created_at = 0, t.created_at, t.thread_id`, JSON.stringify(keys));
  return rows.map(({ threadKey }) => threadKey);
}

function mergeThread(sql: Sql, from: number, into: number): void {
  for (const table of ['mail_message', 'mail_conversation_key']) sql.run(`UPDATE ${table} SET thread_key = ? WHERE thread_key = ?`, into, from);
  for (const { emailKey } of sql.all<{ emailKey: number }>('SELECT email_key AS emailKey FROM mail_email WHERE thread_key = ? ORDER BY created_at', from)) {
    sql.run('UPDATE mail_email SET thread_key = ? WHERE email_key = ?', into, emailKey);
    noteCountsMayDiffer(sql);
    sql.run('UPDATE mail_entry SET thread_key = ?, changed_at = ? WHERE email_key = ?', into, nextChange(sql), emailKey);
  }
  noteThreadChanged(sql, from);
  noteThreadChanged(sql, into);
  sql.run('DELETE FROM mail_thread WHERE thread_key = ?', from);
}
