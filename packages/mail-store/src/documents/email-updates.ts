// A list of updates in one transaction: a mail program that marks ten thousand messages waits for one commit.

import type { DocumentKey, DocumentStore, DocumentTransaction, Sql } from '@paloma/document-store';
import type { Clock, EmailDocument, EmailId, MailboxId } from '@paloma/shared-model';
import { canonicalKeywords, MAX_KEYWORDS } from '../keywords.js';
import type { EmailUpdate, EmailUpdateOutcome } from '../port/index.js';
import { counter } from './change-sequence.js';
import { keywordsOf, mailboxIdsOf, updatedEmail } from './email-marks.js';
import { destroyEmail } from './email-removal.js';

type Refusal = Extract<EmailUpdateOutcome, { ok: false }>['refusal'];

/** Keywords with a mark, set or cleared. Marks are kept for ever, and the whole document travels with each change. */
const MAX_KEYWORD_MARKS = 8 * MAX_KEYWORDS;

const NO_UIDS: ReadonlyMap<MailboxId, number> = new Map();

export function updateEmails(store: DocumentStore, clock: Clock, updates: readonly EmailUpdate[]): EmailUpdateOutcome[] {
  const done = store.transact((transaction) => {
    const work = new UpdateTransaction(transaction, clock, updates);
    const outcomes = updates.map((update) => work.update(update));
    work.write();
    return outcomes;
  });
  const emailKeys = done.flatMap(({ emailKey }) => emailKey ?? []);
  const modSeqs = modSeqsOf(store.sql, emailKeys);
  const uids = uidsOf(store.sql, updates.some(({ addMailboxIds }) => addMailboxIds) ? emailKeys : []);
  // Of a destroyed email: the place of its removal, or a later one.
  const latest = counter(store.sql, 'latest');
  return updates.map(({ emailId, addMailboxIds }, index) => {
    const { refusal, emailKey } = done[index]!;
    if (refusal) return { ok: false, emailId, refusal };
    const addedUids = addMailboxIds ? new Map(addMailboxIds.map((mailboxId) => [mailboxId, uids.get(emailKey)?.get(mailboxId) ?? 0])) : NO_UIDS;
    return { ok: true, emailId, modSeq: modSeqs.get(emailKey) ?? latest, addedUids };
  });
}

type Done = { refusal: Refusal; emailKey?: undefined } | { refusal: null; emailKey: DocumentKey };

class UpdateTransaction {
  readonly #mailboxIds: ReadonlySet<string>;
  readonly #visible: ReadonlyMap<EmailId, VisibleEmail>;
  /** What becomes of the emails: null is destroyed. Written together, and one that is named twice once. */
  readonly #after = new Map<EmailId, EmailDocument | null>();
  readonly #destroyed: Pick<EmailDocument, 'emailId' | 'messageId'>[] = [];
  /** By the list: whoever marks many emails names the same for each. */
  readonly #keywords = new Map<readonly string[], string[]>();

  constructor(private readonly transaction: DocumentTransaction, private readonly clock: Clock, updates: readonly EmailUpdate[]) {
    this.#visible = visibleEmailsOf(transaction.sql, updates);
    transaction.prefetch([...this.#visible.values()].map(({ emailKey }) => emailKey));
    this.#mailboxIds = new Set(transaction.sql.all<{ mailboxId: string }>('SELECT mailbox_id AS mailboxId FROM mail_mailbox').map(({ mailboxId }) => mailboxId));
  }

  update(update: EmailUpdate): Done {
    const visible = this.#visible.get(update.emailId);
    const email = visible && this.#emailNow(update.emailId);
    if (!email) return { refusal: 'notFound' };
    if (update.ifUnchangedSince !== undefined && visible.modSeq > update.ifUnchangedSince) return { refusal: 'modified' };
    if (!this.#knowsMailboxesOf(update, email)) return { refusal: 'mailboxNotFound' };
    const after = updatedEmail(email, update, { clock: this.transaction.nextMarkClock(), nowMs: this.clock.nowMs() }, this.#canonical);
    if (hasTooManyKeywords(after)) return { refusal: 'tooManyKeywords' };
    const isKept = mailboxIdsOf(after).length > 0;
    this.#after.set(update.emailId, isKept ? after : null);
    if (!isKept) this.#destroyed.push({ emailId: update.emailId, messageId: after.messageId });
    return { refusal: null, emailKey: visible.emailKey };
  }

  /** After the last update. */
  write(): void {
    this.transaction.putAll('email', [...this.#after].flatMap(([localPart, content]) => (content ? [{ localPart, content }] : [])));
    for (const { emailId, messageId } of this.#destroyed) destroyEmail(this.transaction, emailId, messageId);
  }

  #emailNow(emailId: EmailId): EmailDocument | null | undefined {
    const after = this.#after.get(emailId);
    return after === undefined ? this.transaction.get('email', emailId)?.content : after;
  }

  readonly #canonical = (keywords: readonly string[]): string[] => {
    const known = this.#keywords.get(keywords) ?? canonicalKeywords(keywords);
    this.#keywords.set(keywords, known);
    return known;
  };

  #knowsMailboxesOf({ addMailboxIds = [], setDeleted }: EmailUpdate, email: EmailDocument): boolean {
    return addMailboxIds.every((mailboxId) => this.#mailboxIds.has(mailboxId)) && (!setDeleted || email.mailboxes[setDeleted.mailboxId]?.isMember === true);
  }
}

function hasTooManyKeywords(email: EmailDocument): boolean {
  const marks = Object.keys(email.keywords).length;
  return marks > MAX_KEYWORD_MARKS || (marks > MAX_KEYWORDS && keywordsOf(email).length > MAX_KEYWORDS);
}

export interface VisibleEmail {
  emailKey: DocumentKey;
  modSeq: number;
}

function visibleEmailsOf(sql: Sql, updates: readonly EmailUpdate[]): ReadonlyMap<EmailId, VisibleEmail> {
  const emailKeys = updates.flatMap(({ emailKey }) => emailKey ?? []);
  if (emailKeys.length < updates.length) return visibleEmails(sql, updates.map(({ emailId }) => emailId));
  const rows = sql.all<VisibleEmail & { emailId: EmailId }>(
    'SELECT n.email_id AS emailId, n.email_key AS emailKey, n.changed_at AS modSeq FROM json_each(?) AS asked CROSS JOIN mail_entry n ON n.email_key = asked.value', JSON.stringify(emailKeys));
  return new Map(rows.map((row) => [row.emailId, row]));
}

/** Those that are. */
export function visibleEmails(sql: Sql, emailIds: readonly EmailId[]): Map<EmailId, VisibleEmail> {
  const rows = sql.all<VisibleEmail & { emailId: EmailId }>(
    `SELECT e.email_id AS emailId, e.email_key AS emailKey, n.changed_at AS modSeq FROM json_each(?) AS asked CROSS JOIN mail_email e ON e.email_id = asked.value
     CROSS JOIN mail_entry n ON n.email_key = e.email_key`, JSON.stringify(emailIds));
  return new Map(rows.map((row) => [row.emailId, row]));
}

/** By email and mailbox; emails that no mailbox holds are left out. */
export function uidsOf(sql: Sql, emailKeys: readonly DocumentKey[]): Map<DocumentKey, Map<MailboxId, number>> {
  if (emailKeys.length === 0) return new Map();
  const rows = sql.all<{ emailKey: DocumentKey; mailboxId: MailboxId; uid: number }>(
    'SELECT n.email_key AS emailKey, n.mailbox_id AS mailboxId, n.uid FROM json_each(?) AS asked CROSS JOIN mail_entry n ON n.email_key = asked.value', JSON.stringify(emailKeys));
  const byEmail = Map.groupBy(rows, ({ emailKey }) => emailKey);
  return new Map([...byEmail].map(([emailKey, entries]) => [emailKey, new Map(entries.map(({ mailboxId, uid }) => [mailboxId, uid]))]));
}

/** Emails that are not visible are left out. */
function modSeqsOf(sql: Sql, emailKeys: readonly DocumentKey[]): Map<DocumentKey, number> {
  const rows = sql.all<{ emailKey: DocumentKey; modSeq: number }>(
    'SELECT n.email_key AS emailKey, n.changed_at AS modSeq FROM json_each(?) AS asked CROSS JOIN mail_entry n ON n.email_key = asked.value', JSON.stringify(emailKeys));
  return new Map(rows.map(({ emailKey, modSeq }) => [emailKey, modSeq]));
}
