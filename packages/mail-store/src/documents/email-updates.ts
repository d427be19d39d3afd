// A list of updates in one transaction: a mail program that marks ten thousand messages waits for one commit.

import type { DocumentStore, DocumentTransaction } from '@paloma/document-store';
import type { Clock, EmailDocument, EmailId, MailboxId } from '@paloma/shared-model';
import { MAX_KEYWORDS } from '../keywords.js';
import type { EmailUpdate, EmailUpdateOutcome } from '../port/index.js';
import { keywordsOf, mailboxIdsOf, updatedEmail } from './email-marks.js';
import { destroyEmail } from './email-removal.js';

type Refusal = Extract<EmailUpdateOutcome, { ok: false }>['refusal'];

/** Keywords with a mark, set or cleared. Marks are kept for ever, and the whole document travels with each change. */
const MAX_KEYWORD_MARKS = 8 * MAX_KEYWORDS;

export function updateEmails(store: DocumentStore, clock: Clock, updates: readonly EmailUpdate[]): EmailUpdateOutcome[] {
  const refusals = store.transact((transaction) => {
    const work = new UpdateTransaction(store, transaction, clock);
    const modSeqsBefore = updates.map(({ emailId, ifUnchangedSince }) => (ifUnchangedSince === undefined ? 0 : modSeqOf(store, emailId)));
    return updates.map((update, index) => work.update(update, modSeqsBefore[index] ?? 0));
  });
  return updates.map((update, index) => outcomeOf(store, update, refusals[index] ?? null));
}

class UpdateTransaction {
  readonly #mailboxIds: ReadonlySet<string>;

  constructor(private readonly store: DocumentStore, private readonly transaction: DocumentTransaction, private readonly clock: Clock) {
    this.#mailboxIds = new Set(transaction.sql.all<{ mailboxId: string }>('SELECT mailbox_id AS mailboxId FROM mail_mailbox').map(({ mailboxId }) => mailboxId));
  }

  /** `null` when done. */
  update(update: EmailUpdate, modSeqBefore: number): Refusal | null {
    const email = isVisible(this.transaction, update.emailId) ? this.transaction.get('email', update.emailId)?.content : undefined;
    if (!email) return 'notFound';
    if (update.ifUnchangedSince !== undefined && modSeqBefore > update.ifUnchangedSince) return 'modified';
    if (!this.#knowsMailboxesOf(update, email)) return 'mailboxNotFound';
    const after = updatedEmail(email, update, { clock: this.transaction.nextMarkClock(), nowMs: this.clock.nowMs() });
    if (keywordsOf(after).length > MAX_KEYWORDS || Object.keys(after.keywords).length > MAX_KEYWORD_MARKS) return 'tooManyKeywords';
    if (mailboxIdsOf(after).length > 0) this.transaction.put('email', update.emailId, after);
    else destroyEmail(this.store, this.transaction, update.emailId, email.messageId);
    return null;
  }

  #knowsMailboxesOf({ addMailboxIds = [], setDeleted }: EmailUpdate, email: EmailDocument): boolean {
    return addMailboxIds.every((mailboxId) => this.#mailboxIds.has(mailboxId)) && (!setDeleted || email.mailboxes[setDeleted.mailboxId]?.isMember === true);
  }
}

function outcomeOf(store: DocumentStore, { emailId, addMailboxIds = [] }: EmailUpdate, refusal: Refusal | null): EmailUpdateOutcome {
  if (refusal) return { ok: false, emailId, refusal };
  const uids = addMailboxIds.length > 0 ? uidsOf(store, emailId) : new Map<MailboxId, number>();
  return { ok: true, emailId, modSeq: modSeqOf(store, emailId), addedUids: new Map(addMailboxIds.map((mailboxId) => [mailboxId, uids.get(mailboxId) ?? 0])) };
}

export function uidsOf(store: DocumentStore, emailId: EmailId): Map<MailboxId, number> {
  const rows = store.sql.all<{ mailboxId: MailboxId; uid: number }>('SELECT mailbox_id AS mailboxId, uid FROM mail_entry WHERE email_id = ?', emailId);
  return new Map(rows.map(({ mailboxId, uid }) => [mailboxId, uid]));
}

function isVisible({ sql }: DocumentTransaction, emailId: EmailId): boolean {
  return sql.get('SELECT 1 FROM mail_email WHERE email_id = ? AND thread_id IS NOT NULL', emailId) !== undefined;
}

/** Of a destroyed email: the place of its removal. */
function modSeqOf(store: DocumentStore, emailId: EmailId): number {
  const row = store.sql.get<{ modSeq: number }>('SELECT changed_at AS modSeq FROM mail_email WHERE email_id = ? AND thread_id IS NOT NULL', emailId)
    ?? store.sql.get<{ modSeq: number }>(`SELECT changed_at AS modSeq FROM mail_destroyed WHERE kind = 'Email' AND id = ?`, emailId);
  return row?.modSeq ?? 0;
}
