// Threads as rows: see conversation.ts for the rule. A thread is known from its first message on and listed (mail_thread)
// while it has a visible email.

import type { Sql } from '@paloma/document-store';
import { nextChange, noteCreated, noteDestroyed } from './change-sequence.js';

/** Gives a new message its thread; threads that it connects become one, under the id of the oldest. */
export function claimThread(sql: Sql, messageId: string, keys: readonly string[]): string {
  const [oldest, ...others] = threadsOfKeys(sql, keys);
  const threadId = oldest ?? `T${messageId.slice(1)}`;
  for (const other of others) mergeThread(sql, other, threadId);
  for (const key of keys) sql.run('INSERT OR REPLACE INTO mail_thread_key (thread_key, thread_id) VALUES (?, ?)', key, threadId);
  return threadId;
}

/** When a message goes: the last one takes the keys of its thread along. */
export function releaseThread(sql: Sql, threadId: string): void {
  const isInUse = sql.get('SELECT 1 FROM mail_message WHERE thread_id = ? LIMIT 1', threadId) !== undefined;
  if (!isInUse) sql.run('DELETE FROM mail_thread_key WHERE thread_id = ?', threadId);
}

/** Notes that emails came to a thread or left it. */
export function noteThreadChanged(sql: Sql, threadId: string): void {
  const known = sql.get<{ createdAt: number }>('SELECT created_at AS createdAt FROM mail_thread WHERE thread_id = ?', threadId);
  const hasEmails = sql.get('SELECT 1 FROM mail_email WHERE thread_id = ? LIMIT 1', threadId) !== undefined;
  if (hasEmails) return saveThread(sql, threadId, known?.createdAt);
  if (!known) return;
  sql.run('DELETE FROM mail_thread WHERE thread_id = ?', threadId);
  noteDestroyed(sql, 'Thread', threadId, known.createdAt);
}

function saveThread(sql: Sql, threadId: string, createdAt: number | undefined): void {
  const changedAt = nextChange(sql);
  if (createdAt === undefined) noteCreated(sql, 'Thread', threadId);
  sql.run('INSERT OR REPLACE INTO mail_thread (thread_id, created_at, changed_at) VALUES (?, ?, ?)', threadId, createdAt ?? changedAt, changedAt);
}

/** Oldest first; threads without a visible email last. */
function threadsOfKeys(sql: Sql, keys: readonly string[]): string[] {
  const rows = sql.all<{ threadId: string }>(
    `SELECT DISTINCT k.thread_id AS threadId FROM json_each(?) AS claimed
     JOIN mail_thread_key k ON k.thread_key = claimed.value LEFT JOIN mail_thread t ON t.thread_id = k.thread_id
     ORDER BY t.created_at IS NULL, t.created_at, k.thread_id`, JSON.stringify(keys));
  return rows.map(({ threadId }) => threadId);
}

function mergeThread(sql: Sql, from: string, into: string): void {
  sql.run('UPDATE mail_message SET thread_id = ? WHERE thread_id = ?', into, from);
  sql.run('UPDATE mail_thread_key SET thread_id = ? WHERE thread_id = ?', into, from);
  for (const { emailId } of sql.all<{ emailId: string }>('SELECT email_id AS emailId FROM mail_email WHERE thread_id = ? ORDER BY created_at', from)) {
    const changedAt = nextChange(sql);
    sql.run('UPDATE mail_email SET thread_id = ?, changed_at = ? WHERE email_id = ?', into, changedAt, emailId);
    sql.run('UPDATE mail_entry SET thread_id = ?, changed_at = ? WHERE email_id = ?', into, changedAt, emailId);
  }
  noteThreadChanged(sql, from);
  noteThreadChanged(sql, into);
}
