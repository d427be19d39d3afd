// An email as rows. Documents come in any order when another device wrote them: an email before its message, or filed in a
// mailbox that is not here yet. `refreshEmail` brings what is visible in line with what is known now.

import type { Sql } from '@paloma/document-store';
import type { EmailDocument } from '@paloma/shared-model';
import { nextChange, noteCreated, noteDestroyed } from './change-sequence.js';
import { entriesOf, isShownAs, removeEntry, showEntries, type EntryContent, type WantedEntry } from './project-entries.js';
import { noteThreadChanged } from './project-threads.js';

/** JSON of mail_email.memberships: mailbox id → [\Deleted, added at]. */
type Memberships = Record<string, [isDeleted: boolean, addedAtMs: number]>;

interface EmailRow {
  emailKey: number;
  emailId: string;
  messageId: string;
  threadId: string | null;
  receivedAtMs: number;
  keywords: string;
  memberships: string;
  createdAt: number;
  hasStray: number;
}

/** What entries show of the message. */
type MessageRow = Pick<EntryContent, 'threadId' | 'messageKey' | 'sizeBytes'>;

const COLUMNS = `email_key AS emailKey, email_id AS emailId, message_id AS messageId, thread_id AS threadId, received_at_ms AS receivedAtMs, keywords, memberships,
  created_at AS createdAt, has_stray_membership AS hasStray`;
const SAVE = `INSERT INTO mail_email (email_id, message_id, received_at_ms, keywords, memberships) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (email_id) DO UPDATE SET message_id = excluded.message_id, received_at_ms = excluded.received_at_ms,
    keywords = excluded.keywords, memberships = excluded.memberships RETURNING ${COLUMNS}`;

export function projectEmail(sql: Sql, emailId: string, email: EmailDocument | null): void {
  if (email) return refresh(sql, saveEmail(sql, emailId, email));
  sql.run(`UPDATE mail_email SET memberships = '{}' WHERE email_id = ?`, emailId);
  refreshEmail(sql, emailId);
  sql.run('DELETE FROM mail_email WHERE email_id = ?', emailId);
}

/** Shows, changes or hides the email in its mailboxes. */
export function refreshEmail(sql: Sql, emailId: string): void {
  const email = sql.get<EmailRow>(`SELECT ${COLUMNS} FROM mail_email WHERE email_id = ?`, emailId);
  if (email) refresh(sql, email);
}

function refresh(sql: Sql, email: EmailRow): void {
  const memberships = JSON.parse(email.memberships) as Memberships;
  const known = Object.keys(memberships).filter((mailboxId) => isMailbox(sql, mailboxId));
  const isStray = known.length < Object.keys(memberships).length;
  if (isStray !== (email.hasStray === 1)) sql.run('UPDATE mail_email SET has_stray_membership = ? WHERE email_key = ?', Number(isStray), email.emailKey);
  const message = sql.get<MessageRow>('SELECT thread_id AS threadId, message_key AS messageKey, size_bytes AS sizeBytes FROM mail_message WHERE message_id = ?', email.messageId);
  const wanted = known.map((mailboxId) => ({ mailboxId, isDeleted: memberships[mailboxId]![0], addedAtMs: memberships[mailboxId]![1] }));
  if (message && wanted.length > 0) showEmail(sql, email, message, wanted);
  else if (email.threadId !== null) hideEmail(sql, email, email.threadId);
}

function saveEmail(sql: Sql, emailId: string, email: EmailDocument): EmailRow {
  const keywords = Object.keys(email.keywords).filter((keyword) => email.keywords[keyword]?.isSet).sort();
  const members = Object.entries(email.mailboxes).filter(([, mark]) => mark.isMember);
  const memberships: Memberships = Object.fromEntries(members.map(([mailboxId, mark]) => [mailboxId, [mark.isDeleted, mark.addedAtMs]]));
  return sql.get<EmailRow>(SAVE, emailId, email.messageId, email.receivedAtMs, JSON.stringify(keywords), JSON.stringify(memberships))!;
}

function showEmail(sql: Sql, email: EmailRow, message: MessageRow, wanted: readonly WantedEntry[]): void {
  const shown = entriesOf(sql, email.emailId);
  const isNew = email.threadId === null;
  if (!isNew && isShownAs(shown, email, wanted)) return;
  const changedAt = nextChange(sql);
  showEntries(sql, { ...email, ...message, changedAt }, shown, wanted);
  saveKeywords(sql, email, shown[0]?.keywords ?? '[]');
  sql.run('UPDATE mail_email SET thread_id = ?, changed_at = ?, created_at = ? WHERE email_key = ?', message.threadId, changedAt, isNew ? changedAt : email.createdAt, email.emailKey);
  if (!isNew) return;
  noteCreated(sql, 'Email', email.emailId);
  noteThreadChanged(sql, message.threadId);
}

function hideEmail(sql: Sql, email: EmailRow, threadId: string): void {
  const shown = entriesOf(sql, email.emailId);
  const changedAt = noteDestroyed(sql, 'Email', email.emailId, email.createdAt);
  for (const entry of shown) removeEntry(sql, entry, { emailId: email.emailId, changedAt });
  saveKeywords(sql, { ...email, keywords: '[]' }, shown[0]?.keywords ?? '[]');
  sql.run('UPDATE mail_email SET thread_id = NULL, changed_at = 0, created_at = 0 WHERE email_key = ?', email.emailKey);
  noteThreadChanged(sql, threadId);
}

function saveKeywords(sql: Sql, { emailKey, keywords }: Pick<EmailRow, 'emailKey' | 'keywords'>, keywordsBefore: string): void {
  if (keywords === keywordsBefore) return;
  const [before, after] = [JSON.parse(keywordsBefore) as string[], JSON.parse(keywords) as string[]];
  for (const keyword of before) if (!after.includes(keyword)) sql.run('DELETE FROM mail_keyword WHERE keyword = ? AND email_key = ?', keyword, emailKey);
  for (const keyword of after) if (!before.includes(keyword)) sql.run('INSERT INTO mail_keyword (keyword, email_key) VALUES (?, ?)', keyword, emailKey);
}

function isMailbox(sql: Sql, mailboxId: string): boolean {
  return sql.get('SELECT 1 FROM mail_mailbox WHERE mailbox_id = ?', mailboxId) !== undefined;
}
