// An email in one mailbox as IMAP sees it: a row of mail_entry, with the UID it has there for as long as it stays.

import type { Sql } from '@paloma/document-store';

/** Where the email is to be seen. */
export interface WantedEntry {
  mailboxId: string;
  isDeleted: boolean;
  addedAtMs: number;
}

/** Where it is seen now. */
export interface EntryRow {
  mailboxId: string;
  uid: number;
  isDeleted: number;
  keywords: string;
  receivedAtMs: number;
}

/** What all entries of an email have in common. */
export interface EntryContent {
  emailId: string;
  threadId: string;
  messageKey: number;
  /** JSON of the sorted list. */
  keywords: string;
  receivedAtMs: number;
  sizeBytes: number;
  changedAt: number;
}

export function entriesOf(sql: Sql, emailId: string): EntryRow[] {
  return sql.all<EntryRow>(
    'SELECT mailbox_id AS mailboxId, uid, is_deleted AS isDeleted, keywords, received_at_ms AS receivedAtMs FROM mail_entry WHERE email_id = ?', emailId);
}

/** Whether there is nothing to change. */
export function isShownAs(shown: readonly EntryRow[], content: Pick<EntryContent, 'keywords' | 'receivedAtMs'>, wanted: readonly WantedEntry[]): boolean {
  return shown.length === wanted.length && wanted.every(({ mailboxId, isDeleted }) => shown.some((entry) => entry.mailboxId === mailboxId
    && entry.isDeleted === Number(isDeleted) && entry.keywords === content.keywords && entry.receivedAtMs === content.receivedAtMs));
}

/** Removes, changes and adds entries until the email is seen where it is wanted. */
export function showEntries(sql: Sql, content: EntryContent, shown: readonly EntryRow[], wanted: readonly WantedEntry[]): void {
  for (const entry of shown) if (!wanted.some(({ mailboxId }) => mailboxId === entry.mailboxId)) removeEntry(sql, entry, content);
  for (const entry of wanted) {
    const uid = shown.find(({ mailboxId }) => mailboxId === entry.mailboxId)?.uid;
    if (uid === undefined) addEntry(sql, content, entry);
    else changeEntry(sql, content, entry, uid);
  }
}

export function removeEntry(sql: Sql, { mailboxId, uid }: EntryRow, { emailId, changedAt }: Pick<EntryContent, 'emailId' | 'changedAt'>): void {
  sql.run('DELETE FROM mail_entry WHERE mailbox_id = ? AND uid = ?', mailboxId, uid);
  sql.run('DELETE FROM mail_uid WHERE mailbox_id = ? AND email_id = ?', mailboxId, emailId);
  sql.run('INSERT INTO mail_vanished (mailbox_id, changed_at, uid) VALUES (?, ?, ?)', mailboxId, changedAt, uid);
}

function addEntry(sql: Sql, content: EntryContent, { mailboxId, isDeleted, addedAtMs }: WantedEntry): void {
  sql.run(
    `INSERT INTO mail_entry (mailbox_id, uid, email_id, thread_id, message_key, keywords, is_unread, is_deleted, changed_at, size_bytes, received_at_ms, added_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    mailboxId, claimUid(sql, mailboxId, content.emailId), content.emailId, content.threadId, content.messageKey, content.keywords, isUnread(content), Number(isDeleted),
    content.changedAt, content.sizeBytes, content.receivedAtMs, addedAtMs);
}

function changeEntry(sql: Sql, content: EntryContent, { mailboxId, isDeleted, addedAtMs }: WantedEntry, uid: number): void {
  sql.run(
    'UPDATE mail_entry SET keywords = ?, is_unread = ?, is_deleted = ?, changed_at = ?, received_at_ms = ?, added_at_ms = ? WHERE mailbox_id = ? AND uid = ?',
    content.keywords, isUnread(content), Number(isDeleted), content.changedAt, content.receivedAtMs, addedAtMs, mailboxId, uid);
}

/** The UID that the email had before a rebuild, or the next one of the mailbox. */
function claimUid(sql: Sql, mailboxId: string, emailId: string): number {
  const kept = sql.get<{ uid: number }>('SELECT uid FROM mail_uid WHERE mailbox_id = ? AND email_id = ?', mailboxId, emailId);
  if (kept) return kept.uid;
  const { uid } = sql.get<{ uid: number }>('SELECT uid_next AS uid FROM mail_uid_space WHERE mailbox_id = ?', mailboxId)!;
  sql.run('UPDATE mail_uid_space SET uid_next = ? WHERE mailbox_id = ?', uid + 1, mailboxId);
  sql.run('INSERT INTO mail_uid (mailbox_id, email_id, uid) VALUES (?, ?, ?)', mailboxId, emailId, uid);
  return uid;
}

// RFC 8621 §2: unread is what has neither $seen nor $draft.
function isUnread({ keywords }: EntryContent): number {
  return Number(!(JSON.parse(keywords) as string[]).some((keyword) => keyword === '$seen' || keyword === '$draft'));
}
