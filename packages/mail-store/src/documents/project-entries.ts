// An email in one mailbox as IMAP sees it: a row of mail_entry, with the UID it has there for as long as it stays.

import type { Sql } from '@paloma/document-store';
import { noteCountsMayDiffer } from './mailbox-counts.js';
import type { EntryMarks } from './entry-marks.js';
import type { UidClaims } from './uid-claims.js';

/** Where the email is to be seen. */
export interface WantedEntry {
  mailboxId: string;
  isDeleted: boolean;
  addedAtMs: number;
}

/** What entries show of the message. */
export interface MessageFacts {
  threadKey: number;
  messageKey: number;
  sizeBytes: number;
}

/** Where it is seen now. */
export interface EntryRow extends MessageFacts {
  emailKey: number;
  mailboxId: string;
  uid: number;
  isUnread: number;
  isDeleted: number;
  keywords: string;
  receivedAtMs: number;
  addedAtMs: number;
}

/** What entries show of the email. */
export interface EmailFacts {
  emailKey: number;
  emailId: string;
  /** JSON of the sorted list. */
  keywords: string;
  receivedAtMs: number;
}

/** What a batch writes through; the last two are saved at its end. */
export interface EntryWriters {
  sql: Sql;
  uids: UidClaims;
  marks: EntryMarks;
}

/** What all entries of an email have in common. */
export interface EntryContent {
  email: EmailFacts;
  message: MessageFacts;
  changedAt: number;
}

const ENTRIES = `SELECT email_key AS emailKey, mailbox_id AS mailboxId, uid, thread_key AS threadKey, message_key AS messageKey, size_bytes AS sizeBytes, keywords, is_unread AS isUnread,
  is_deleted AS isDeleted, received_at_ms AS receivedAtMs, added_at_ms AS addedAtMs
  FROM json_each(?) AS asked CROSS JOIN mail_entry ON email_key = asked.value`;
const CHANGE = 'UPDATE mail_entry SET keywords = ?, is_unread = ?, is_deleted = ?, changed_at = ?, received_at_ms = ?, added_at_ms = ? WHERE mailbox_id = ? AND uid = ?';

/** By email; those that are not visible are left out. */
export function entriesOf(sql: Sql, emailKeys: readonly number[]): Map<number, EntryRow[]> {
  return Map.groupBy(sql.all<EntryRow>(ENTRIES, JSON.stringify(emailKeys)), ({ emailKey }) => emailKey);
}

/** Whether there is nothing to change. */
export function isShownAs(shown: readonly EntryRow[], email: Pick<EmailFacts, 'keywords' | 'receivedAtMs'>, wanted: readonly WantedEntry[]): boolean {
  return shown.length === wanted.length && wanted.every(({ mailboxId, isDeleted }) => shown.some((entry) => entry.mailboxId === mailboxId
    && entry.isDeleted === Number(isDeleted) && entry.keywords === email.keywords && entry.receivedAtMs === email.receivedAtMs));
}

/** Removes, changes and adds entries until the email is seen where it is wanted. */
export function showEntries({ sql, uids, marks }: EntryWriters, content: EntryContent, shown: readonly EntryRow[], wanted: readonly WantedEntry[]): void {
  for (const entry of shown) if (!wanted.some(({ mailboxId }) => mailboxId === entry.mailboxId)) removeEntry(sql, entry, content.changedAt);
  for (const entry of wanted) {
    const row = shown.find(({ mailboxId }) => mailboxId === entry.mailboxId);
    if (!row) addEntry(sql, uids.claim(entry.mailboxId, content.email.emailId), content, entry);
    else if (isMarkedOnly(content.email, entry, row)) marks.mark({ mailboxId: row.mailboxId, uid: row.uid, keywords: content.email.keywords, isDeleted: Number(entry.isDeleted), changedAt: content.changedAt });
    else changeEntry(sql, content, entry, row.uid);
  }
}

export function removeEntry(sql: Sql, { mailboxId, uid }: EntryRow, changedAt: number): void {
  noteCountsMayDiffer(sql);
  sql.run('DELETE FROM mail_entry WHERE mailbox_id = ? AND uid = ?', mailboxId, uid);
  sql.run('INSERT INTO mail_vanished (mailbox_id, changed_at, uid) VALUES (?, ?, ?)', mailboxId, changedAt, uid);
}

function addEntry(sql: Sql, uid: number, { email, message, changedAt }: EntryContent, { mailboxId, isDeleted, addedAtMs }: WantedEntry): void {
  noteCountsMayDiffer(sql);
  sql.run(
    `INSERT INTO mail_entry (mailbox_id, uid, email_key, email_id, thread_key, message_key, keywords, is_unread, is_deleted, changed_at, size_bytes, received_at_ms, added_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    mailboxId, uid, email.emailKey, email.emailId, message.threadKey, message.messageKey, email.keywords, isUnread(email), Number(isDeleted),
    changedAt, message.sizeBytes, email.receivedAtMs, addedAtMs);
}

function changeEntry(sql: Sql, { email, changedAt }: EntryContent, { mailboxId, isDeleted, addedAtMs }: WantedEntry, uid: number): void {
  noteCountsMayDiffer(sql);
  sql.run(CHANGE, email.keywords, isUnread(email), Number(isDeleted), changedAt, email.receivedAtMs, addedAtMs, mailboxId, uid);
}

/** Nothing but what `EntryMarks` writes may differ. */
function isMarkedOnly(email: EmailFacts, { addedAtMs }: WantedEntry, row: EntryRow): boolean {
  return isUnread(email) === row.isUnread && email.receivedAtMs === row.receivedAtMs && addedAtMs === row.addedAtMs;
}

// RFC 8621 §2: unread is what has neither $seen nor $draft. A quotation mark inside a keyword has a backslash before it in JSON.
function isUnread({ keywords }: EmailFacts): number {
  return Number(!keywords.includes('"$seen"') && !keywords.includes('"$draft"'));
}
