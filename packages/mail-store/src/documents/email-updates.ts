// A list of updates in one transaction: a mail program that marks ten thousand messages waits for one commit.

import type { DocumentStore, DocumentTransaction, Sql } from '@paloma/document-store';
import type { Clock, EmailDocument, EmailId, MailboxId } from '@paloma/shared-model';
import { MAX_KEYWORDS } from '../keywords.js';
import type { EmailUpdate, EmailUpdateOutcome } from '../port/index.js';
import { keywordsOf, mailboxIdsOf, updatedEmail } from './email-marks.js';
import { destroyEmail } from './email-removal.js';

type Refusal = Extract<EmailUpdateOutcome, { ok: false }>['refusal'];

/** Keywords with a mark, set or cleared. Marks are kept for ever, and the whole document travels with each change. */
const MAX_KEYWORD_MARKS = 8 * MAX_KEYWORDS;

export function updateEmails(store: DocumentStore, clock: Clock, updates: readonly EmailUpdate[]): EmailUpdateOutcome[] {
  const emailIds = updates.map(({ emailId }) => emailId);
  const refusals = store.transact((transaction) => {
    const work = new UpdateTransaction(transaction, clock, modSeqsOf(transaction.sql, emailIds));
    transaction.prefetch('email', emailIds);
    return updates.map((update) => work.update(update));
  });
  const modSeqs = modSeqsOf(store.sql, emailIds);
  const uids = uidsOfAll(store.sql, updates.flatMap(({ emailId, addMailboxIds }) => (addMailboxIds ? emailId : [])));
  return updates.map((update, index) => outcomeOf(update, refusals[index] ?? null, modSeqs.get(update.emailId)?.modSeq ?? 0, uids.get(update.emailId)));
}

class UpdateTransaction {
  readonly #mailboxIds: ReadonlySet<string>;

  constructor(
    private readonly transaction: DocumentTransaction, private readonly clock: Clock, private readonly modSeqsBefore: ReadonlyMap<EmailId, ModSeq>,
  ) {
    this.#mailboxIds = new Set(transaction.sql.all<{ mailboxId: string }>('SELECT mailbox_id AS mailboxId FROM mail_mailbox').map(({ mailboxId }) => mailboxId));
  }

  /** `null` when done. */
  update(update: EmailUpdate): Refusal | null {
    const before = this.modSeqsBefore.get(update.emailId);
    const email = before?.isVisible ? this.transaction.get('email', update.emailId)?.content : undefined;
    if (!before || !email) return 'notFound';
    if (update.ifUnchangedSince !== undefined && before.modSeq > update.ifUnchangedSince) return 'modified';
    if (!this.#knowsMailboxesOf(update, email)) return 'mailboxNotFound';
    const after = updatedEmail(email, update, { clock: this.transaction.nextMarkClock(), nowMs: this.clock.nowMs() });
    if (keywordsOf(after).length > MAX_KEYWORDS || Object.keys(after.keywords).length > MAX_KEYWORD_MARKS) return 'tooManyKeywords';
    if (mailboxIdsOf(after).length > 0) this.transaction.put('email', update.emailId, after);
    else destroyEmail(this.transaction, update.emailId, email.messageId);
    return null;
  }

  #knowsMailboxesOf({ addMailboxIds = [], setDeleted }: EmailUpdate, email: EmailDocument): boolean {
    return addMailboxIds.every((mailboxId) => this.#mailboxIds.has(mailboxId)) && (!setDeleted || email.mailboxes[setDeleted.mailboxId]?.isMember === true);
  }
}

function outcomeOf({ emailId, addMailboxIds = [] }: EmailUpdate, refusal: Refusal | null, modSeq: number, uids: ReadonlyMap<MailboxId, number> | undefined): EmailUpdateOutcome {
  if (refusal) return { ok: false, emailId, refusal };
  return { ok: true, emailId, modSeq, addedUids: new Map(addMailboxIds.map((mailboxId) => [mailboxId, uids?.get(mailboxId) ?? 0])) };
}

export function uidsOf(store: DocumentStore, emailId: EmailId): ReadonlyMap<MailboxId, number> {
  return uidsOfAll(store.sql, [emailId]).get(emailId) ?? new Map();
}

/** By email and mailbox; emails that no mailbox holds are left out. */
export function uidsOfAll(sql: Sql, emailIds: readonly EmailId[]): Map<EmailId, Map<MailboxId, number>> {
  if (emailIds.length === 0) return new Map();
  const rows = sql.all<{ emailId: EmailId; mailboxId: MailboxId; uid: number }>(
    'SELECT n.email_id AS emailId, n.mailbox_id AS mailboxId, n.uid FROM json_each(?) AS asked CROSS JOIN mail_entry n ON n.email_id = asked.value', JSON.stringify(emailIds));
  const byEmail = Map.groupBy(rows, ({ emailId }) => emailId);
  return new Map([...byEmail].map(([emailId, entries]) => [emailId, new Map(entries.map(({ mailboxId, uid }) => [mailboxId, uid]))]));
}

interface ModSeq {
  modSeq: number;
  isVisible: number;
}

/** Of a destroyed email: the place of its removal. */
function modSeqsOf(sql: Sql, emailIds: readonly EmailId[]): Map<EmailId, ModSeq> {
  const rows = sql.all<ModSeq & { emailId: EmailId }>(
    `SELECT asked.value AS emailId, coalesce(e.changed_at, d.changed_at) AS modSeq, e.email_id IS NOT NULL AS isVisible FROM json_each(?) AS asked
     LEFT JOIN mail_email e ON e.email_id = asked.value AND e.thread_id IS NOT NULL LEFT JOIN mail_destroyed d ON d.kind = 'Email' AND d.id = asked.value
     WHERE modSeq IS NOT NULL`, JSON.stringify(emailIds));
  return new Map(rows.map((row) => [row.emailId, row]));
}
