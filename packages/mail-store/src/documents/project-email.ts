// Emails as rows. Documents come in any order when another device wrote them: an email before its message, or filed in a mailbox that is
// not here yet. `refreshEmail` brings what is visible in line with what is known now.
//
// Ten thousand emails are marked more often than one is late: what is read and what can be written for all of a batch is one statement, and
// an email that its entries show as a whole, before and after, has nothing to be written but those.

import type { Sql } from '@paloma/document-store';
import type { EmailDocument } from '@paloma/shared-model';
import { nextChange, noteDestroyed } from './change-sequence.js';
import { keywordsOf, mailboxIdsOf } from './email-marks.js';
import { EntryMarks } from './entry-marks.js';
import { KeywordRows } from './keyword-rows.js';
import { entriesOf, isShownAs, removeEntry, showEntries, type EntryRow, type MessageFacts, type WantedEntry } from './project-entries.js';
import { noteThreadChanged } from './project-threads.js';
import { UidClaims } from './uid-claims.js';

interface EmailNames {
  /** Of the document. */
  emailKey: number;
  emailId: string;
}

/** Null: there is none. */
export interface EmailChange extends EmailNames {
  before: EmailDocument | null;
  after: EmailDocument | null;
}

/** What can be marked, as mail_email.unseen holds it. */
interface Marks {
  /** JSON of the sorted list. */
  keywords: string;
  memberships: WantedEntry[];
}

/** What the document says. */
interface EmailContent extends EmailNames, Marks {
  messageId: string;
  receivedAtMs: number;
}

interface EmailRow extends EmailNames {
  messageId: string;
  receivedAtMs: number;
  /** JSON of `Marks`; null while entries show all of it. */
  unseen: string | null;
}

/** What stands in the row beside the content, and changes with what is known. */
interface Standing {
  messageKey: number | null;
  threadKey: number | null;
  hasStray: boolean;
  createdAt: number;
}

interface Sight {
  /** Undefined while it is not here. */
  message: MessageFacts | undefined;
  /** Where the email is seen now. */
  shown: readonly EntryRow[];
  /** Whether the row is as it must be while entries show all of the email. */
  isRowSettled: boolean;
}

const FIND = 'SELECT email_key AS emailKey, email_id AS emailId, message_id AS messageId, received_at_ms AS receivedAtMs, unseen FROM mail_email WHERE email_key = ?';
const SAVE = `INSERT INTO mail_email (email_key, email_id, message_id, received_at_ms, message_key, thread_key, has_stray_membership, unseen, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (email_key) DO UPDATE SET message_id = excluded.message_id, received_at_ms = excluded.received_at_ms, message_key = excluded.message_key, thread_key = excluded.thread_key,
    has_stray_membership = excluded.has_stray_membership, unseen = excluded.unseen, created_at = excluded.created_at`;

/** Changes of different emails. */
export function projectEmails(sql: Sql, changes: readonly EmailChange[]): void {
  const shown = entriesOf(sql, changes.map(({ emailKey }) => emailKey));
  const batch = new EmailBatch(sql);
  for (const change of changes) batch.project(change, shown.get(change.emailKey) ?? []);
  batch.finish();
}

/** Shows, changes or hides the email in its mailboxes, when something has happened to them or to its message. */
export function refreshEmail(sql: Sql, emailKey: number): void {
  const known = sql.get<EmailRow>(FIND, emailKey);
  if (!known) return;
  const shown = entriesOf(sql, [emailKey]).get(emailKey) ?? [];
  const batch = new EmailBatch(sql);
  batch.refresh({ ...known, ...marksOf(known, shown) }, { message: messageFacts(sql, known.messageId), shown, isRowSettled: false });
  batch.finish();
}

class EmailBatch {
  readonly #keywords = new KeywordRows();
  readonly #uids: UidClaims;
  readonly #marks = new EntryMarks();
  readonly #isMailbox = new Map<string, boolean>();

  constructor(private readonly sql: Sql) {
    this.#uids = new UidClaims(sql);
  }

  finish(): void {
    this.#marks.save(this.sql);
    this.#keywords.save(this.sql);
    this.#uids.save();
  }

  project(change: EmailChange, shown: readonly EntryRow[]): void {
    const { emailKey, before, after } = change;
    // An email is shown only while its message is here.
    if (after) return this.refresh(contentOf(change, after), { message: shown[0] ?? messageFacts(this.sql, after.messageId), shown, isRowSettled: isShownWhole(before, after, shown) });
    this.#hide(change, shown);
    this.sql.run('DELETE FROM mail_email WHERE email_key = ?', emailKey);
    if (shown[0]) noteThreadChanged(this.sql, shown[0].threadKey);
  }

  refresh(email: EmailContent, sight: Sight): void {
    const { message, shown } = sight;
    const wanted = email.memberships.filter(({ mailboxId }) => this.#hasMailbox(mailboxId));
    const hasStray = wanted.length < email.memberships.length;
    if (message && wanted.length > 0) return this.#show(email, wanted, { message, shown, isRowSettled: sight.isRowSettled && !hasStray });
    this.#hide(email, shown);
    this.#saveRow(email, { messageKey: message?.messageKey ?? null, threadKey: null, hasStray, createdAt: 0 });
    if (shown[0]) noteThreadChanged(this.sql, shown[0].threadKey);
  }

  #show(email: EmailContent, wanted: readonly WantedEntry[], { message, shown, isRowSettled }: Sight & { message: MessageFacts }): void {
    const { threadKey, messageKey } = message;
    const isNew = shown.length === 0;
    const isChanged = !isShownAs(shown, email, wanted);
    const changedAt = isChanged ? nextChange(this.sql) : 0;
    if (isChanged) {
      showEntries({ sql: this.sql, uids: this.#uids, marks: this.#marks }, { email, message, changedAt }, shown, wanted);
      this.#keywords.change(email.emailKey, shown[0]?.keywords, email.keywords);
    }
    if (!isRowSettled) this.#saveRow(email, { messageKey, threadKey, hasStray: wanted.length < email.memberships.length, createdAt: isNew ? changedAt : createdAtOf(this.sql, email.emailKey) });
    if (isNew) noteThreadChanged(this.sql, threadKey);
  }

  /** Leaves the row to the caller, and after it the thread. */
  #hide({ emailKey, emailId }: EmailNames, shown: readonly EntryRow[]): void {
    if (!shown[0]) return;
    const changedAt = noteDestroyed(this.sql, 'Email', emailId, createdAtOf(this.sql, emailKey));
    for (const entry of shown) removeEntry(this.sql, entry, changedAt);
    this.#keywords.change(emailKey, shown[0].keywords, undefined);
  }

  #saveRow(email: EmailContent, { messageKey, threadKey, hasStray, createdAt }: Standing): void {
    const { emailKey, emailId, messageId, receivedAtMs, keywords, memberships } = email;
    const unseen = threadKey === null || hasStray ? JSON.stringify({ keywords, memberships } satisfies Marks) : null;
    this.sql.run(SAVE, emailKey, emailId, messageId, receivedAtMs, messageKey, threadKey, Number(hasStray), unseen, createdAt);
  }

  #hasMailbox(mailboxId: string): boolean {
    const isMailbox = this.#isMailbox.get(mailboxId) ?? this.sql.get('SELECT 1 FROM mail_mailbox WHERE mailbox_id = ?', mailboxId) !== undefined;
    this.#isMailbox.set(mailboxId, isMailbox);
    return isMailbox;
  }
}

function contentOf({ emailKey, emailId }: EmailNames, email: EmailDocument): EmailContent {
  return { emailKey, emailId, messageId: email.messageId, receivedAtMs: email.receivedAtMs, keywords: JSON.stringify(keywordsOf(email)), memberships: membershipsOf(email) };
}

function membershipsOf({ mailboxes }: EmailDocument): WantedEntry[] {
  return Object.keys(mailboxes).filter((mailboxId) => mailboxes[mailboxId]!.isMember).map((mailboxId) => {
    const { isDeleted, addedAtMs } = mailboxes[mailboxId]!;
    return { mailboxId, isDeleted, addedAtMs };
  });
}

/** Of an email that is known. */
function marksOf({ unseen }: EmailRow, shown: readonly EntryRow[]): Marks {
  if (unseen !== null) return JSON.parse(unseen) as Marks;
  return { keywords: shown[0]!.keywords, memberships: shown.map(({ mailboxId, isDeleted, addedAtMs }) => ({ mailboxId, isDeleted: isDeleted === 1, addedAtMs })) };
}

/** Whether entries show all that the document said, and its row says what the document says now. */
function isShownWhole(before: EmailDocument | null, after: EmailDocument, shown: readonly EntryRow[]): boolean {
  return before !== null && shown.length > 0 && shown.length === mailboxIdsOf(before).length && before.messageId === after.messageId && before.receivedAtMs === after.receivedAtMs;
}

function messageFacts(sql: Sql, messageId: string): MessageFacts | undefined {
  return sql.get<MessageFacts>('SELECT thread_key AS threadKey, message_key AS messageKey, size_bytes AS sizeBytes FROM mail_message WHERE message_id = ?', messageId);
}

function createdAtOf(sql: Sql, emailKey: number): number {
  return sql.get<{ createdAt: number }>('SELECT created_at AS createdAt FROM mail_email WHERE email_key = ?', emailKey)!.createdAt;
}
