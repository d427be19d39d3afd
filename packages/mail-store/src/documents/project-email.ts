// An email as rows. Documents come in any order when another device wrote them: an email before its message, or filed in a
// mailbox that is not here yet. `refreshEmail` brings what is visible in line with what is known now.

import type { Sql } from '@paloma/document-store';
import type { EmailDocument } from '@paloma/shared-model';
import { nextChange, noteDestroyed } from './change-sequence.js';
import { entriesOf, isShownAs, removeEntry, showEntries, type EntryRow, type MessageFacts, type WantedEntry } from './project-entries.js';
import { noteThreadChanged } from './project-threads.js';

/** JSON of mail_email.memberships: mailbox id → [\Deleted, added at]. */
type Memberships = Record<string, [isDeleted: boolean, addedAtMs: number]>;

interface EmailNames {
  /** Of the document. */
  emailKey: number;
  emailId: string;
}

/** What the document says. */
interface EmailContent extends EmailNames {
  messageId: string;
  receivedAtMs: number;
  keywords: string;
  memberships: string;
}

interface EmailRow extends EmailContent {
  messageKey: number | null;
  threadKey: number | null;
  hasStray: number;
  createdAt: number;
  changedAt: number;
}

/** What stands in the row beside the content, and changes with what is known. */
type Standing = Pick<EmailRow, 'messageKey' | 'threadKey' | 'hasStray' | 'createdAt' | 'changedAt'>;

/** What is known of what the email refers to. */
interface Surroundings {
  message: MessageFacts | undefined;
  isMailbox(mailboxId: string): boolean;
}

const FIND = `SELECT email_key AS emailKey, email_id AS emailId, message_id AS messageId, message_key AS messageKey, thread_key AS threadKey, received_at_ms AS receivedAtMs, keywords, memberships,
  created_at AS createdAt, changed_at AS changedAt, has_stray_membership AS hasStray FROM mail_email WHERE email_key = ?`;
const INSERT = `INSERT INTO mail_email (email_key, email_id, message_id, received_at_ms, keywords, memberships, message_key, thread_key, has_stray_membership, created_at, changed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
// SQLite writes each index of a column that is said to be set, though it stays as it is.
const MARK = 'UPDATE mail_email SET keywords = ?, memberships = ?, changed_at = ? WHERE email_key = ?';
const CHANGE = `UPDATE mail_email SET message_id = ?, received_at_ms = ?, keywords = ?, memberships = ?, message_key = ?, thread_key = ?, has_stray_membership = ?,
  created_at = ?, changed_at = ? WHERE email_key = ?`;

export function projectEmail(sql: Sql, names: EmailNames, email: EmailDocument | null): void {
  const known = sql.get<EmailRow>(FIND, names.emailKey);
  if (email) return saveEmail(sql, contentOf(names, email), known);
  if (!known) return;
  if (known.threadKey !== null) hideEmail(sql, known);
  sql.run('DELETE FROM mail_email WHERE email_key = ?', known.emailKey);
  if (known.threadKey !== null) noteThreadChanged(sql, known.threadKey);
}

/** Shows, changes or hides the email in its mailboxes, when something has happened to them or to its message. */
export function refreshEmail(sql: Sql, emailKey: number): void {
  const known = sql.get<EmailRow>(FIND, emailKey);
  if (known) refresh(sql, known, known, { shown: entriesOf(sql, emailKey), around: lookAround(sql, known) });
}

function contentOf(names: EmailNames, email: EmailDocument): EmailContent {
  const keywords = Object.keys(email.keywords).filter((keyword) => email.keywords[keyword]?.isSet).sort();
  const members = Object.entries(email.mailboxes).filter(([, mark]) => mark.isMember);
  const memberships: Memberships = Object.fromEntries(members.map(([mailboxId, mark]) => [mailboxId, [mark.isDeleted, mark.addedAtMs]]));
  return { ...names, messageId: email.messageId, receivedAtMs: email.receivedAtMs, keywords: JSON.stringify(keywords), memberships: JSON.stringify(memberships) };
}

function saveEmail(sql: Sql, content: EmailContent, known: EmailRow | undefined): void {
  const shown = known && known.threadKey !== null ? entriesOf(sql, content.emailKey) : [];
  refresh(sql, content, known, { shown, around: shown[0] ? seenFrom(sql, shown) : lookAround(sql, content) });
}

function lookAround(sql: Sql, { messageId }: Pick<EmailContent, 'messageId'>): Surroundings {
  const message = sql.get<MessageFacts>('SELECT thread_key AS threadKey, message_key AS messageKey, size_bytes AS sizeBytes FROM mail_message WHERE message_id = ?', messageId);
  return { message, isMailbox: (mailboxId) => isMailbox(sql, mailboxId) };
}

/** An email is shown only while its message is here, and where there is a mailbox. */
function seenFrom(sql: Sql, shown: readonly EntryRow[]): Surroundings {
  return { message: shown[0], isMailbox: (mailboxId) => shown.some((entry) => entry.mailboxId === mailboxId) || isMailbox(sql, mailboxId) };
}

function refresh(sql: Sql, email: EmailContent, known: EmailRow | undefined, { shown, around }: { shown: readonly EntryRow[]; around: Surroundings }): void {
  const memberships = Object.entries(JSON.parse(email.memberships) as Memberships);
  const wanted = memberships.filter(([mailboxId]) => around.isMailbox(mailboxId)).map(([mailboxId, [isDeleted, addedAtMs]]) => ({ mailboxId, isDeleted, addedAtMs }));
  const hasStray = Number(wanted.length < memberships.length);
  if (around.message && wanted.length > 0) return showEmail(sql, email, known, { hasStray, message: around.message, shown, wanted });
  const threadKey = known?.threadKey ?? null;
  if (known && threadKey !== null) hideEmail(sql, known);
  saveRow(sql, email, known, { messageKey: around.message?.messageKey ?? null, threadKey: null, hasStray, createdAt: 0, changedAt: 0 });
  if (threadKey !== null) noteThreadChanged(sql, threadKey);
}

interface Sight {
  hasStray: number;
  message: MessageFacts;
  shown: readonly EntryRow[];
  wanted: readonly WantedEntry[];
}

function showEmail(sql: Sql, email: EmailContent, known: EmailRow | undefined, { hasStray, message, shown, wanted }: Sight): void {
  const isNew = known === undefined || known.threadKey === null;
  if (!isNew && isShownAs(shown, email, wanted)) return saveRow(sql, email, known, { ...known, hasStray });
  const changedAt = nextChange(sql);
  const { threadKey, messageKey, sizeBytes } = message;
  showEntries(sql, { ...email, threadKey, messageKey, sizeBytes, changedAt }, shown, wanted);
  saveRow(sql, email, known, { messageKey, threadKey, hasStray, createdAt: isNew ? changedAt : known.createdAt, changedAt });
  saveKeywords(sql, email, shown[0]?.keywords ?? '[]');
  if (isNew) noteThreadChanged(sql, threadKey);
}

/** Leaves the row to the caller, and after it the thread. */
function hideEmail(sql: Sql, { emailId, emailKey, createdAt }: EmailRow): void {
  const shown = entriesOf(sql, emailKey);
  const changedAt = noteDestroyed(sql, 'Email', emailId, createdAt);
  for (const entry of shown) removeEntry(sql, entry, changedAt);
  saveKeywords(sql, { emailKey, keywords: '[]' }, shown[0]?.keywords ?? '[]');
}

function saveRow(sql: Sql, email: EmailContent, known: EmailRow | undefined, standing: Standing): void {
  const { emailKey, emailId, messageId, receivedAtMs, keywords, memberships } = email;
  const { messageKey, threadKey, hasStray, createdAt, changedAt } = standing;
  if (!known) return void sql.run(INSERT, emailKey, emailId, messageId, receivedAtMs, keywords, memberships, messageKey, threadKey, hasStray, createdAt, changedAt);
  const isMarked = messageKey === known.messageKey && threadKey === known.threadKey && hasStray === known.hasStray && messageId === known.messageId && receivedAtMs === known.receivedAtMs && createdAt === known.createdAt;
  if (isMarked) sql.run(MARK, keywords, memberships, changedAt, emailKey);
  else sql.run(CHANGE, messageId, receivedAtMs, keywords, memberships, messageKey, threadKey, hasStray, createdAt, changedAt, emailKey);
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
