// The mailbox tree of the document store.

import type { DocumentStore, DocumentTransaction } from '@paloma/document-store';
import { parseMailboxId, type Clock, type EmailId, type MailboxDocument, type MailboxId, type MailboxRole } from '@paloma/shared-model';
import { MailboxTree, type TreeMailbox } from '../mailbox-tree.js';
import type { Mailbox, MailboxInput, MailboxOutcome, MailboxPatch } from '../port/index.js';
import { forgetAnnotations } from './annotations.js';
import { takeOutOfMailbox } from './email-removal.js';
import { MailboxCounter } from './mailbox-counts.js';
import { viewHead } from './mailbox-views.js';
import { ROLE_MAILBOXES } from '../role-mailboxes.js';

interface MailboxRow {
  mailboxId: string;
  name: string;
  role: MailboxRole | null;
  isSubscribed: number;
  sortOrder: number;
  createdAtMs: number;
  changedAt: number;
}

export class DocumentMailboxes {
  readonly #counter: MailboxCounter;

  constructor(private readonly store: DocumentStore, private readonly clock: Clock) {
    this.#counter = new MailboxCounter(store.sql);
  }

  /** Makes the role mailboxes that are not here; the same documents on every device. */
  ensureRoleMailboxes(): void {
    const missing = ROLE_MAILBOXES.filter(({ mailboxId }) => this.store.get('mailbox', mailboxId) === null);
    if (missing.length > 0) this.store.transact((transaction) => missing.forEach((mailbox) => transaction.put('mailbox', mailbox.mailboxId, mailbox)));
  }

  list(): Mailbox[] {
    const rows = this.#rows();
    const tree = treeOf(rows);
    const changedAt = new Map(rows.map((row) => [row.mailboxId, row.changedAt]));
    return tree.list().map((mailbox) => this.#describe(mailbox, tree, changedAt.get(mailbox.mailboxId) ?? 0));
  }

  get tree(): MailboxTree {
    return treeOf(this.#rows());
  }

  create(input: MailboxInput): MailboxOutcome {
    return this.store.transact((transaction) => {
      const plan = this.tree.planCreate(input);
      if (!plan.ok) return plan;
      for (const name of plan.names.slice(0, -1)) this.make(transaction, name);
      return { ok: true, mailboxId: this.make(transaction, plan.names.at(-1) ?? input.name, input) };
    });
  }

  update(mailboxId: MailboxId, patch: MailboxPatch): MailboxOutcome {
    return this.store.transact((transaction) => {
      const { tree } = this;
      const known = tree.get(mailboxId);
      if (!known) return { ok: false, refusal: 'notFound' };
      const plan = tree.planRename(mailboxId, patch.name ?? known.name);
      if (!plan.ok) return plan;
      for (const name of plan.parentNames) this.make(transaction, name);
      for (const { mailboxId: renamedId, name } of plan.renames) putPatched(transaction, renamedId, { name });
      const { isSubscribed = known.isSubscribed, sortOrder = known.sortOrder } = patch;
      putPatched(transaction, mailboxId, { isSubscribed, sortOrder });
      return { ok: true, mailboxId };
    });
  }

  destroy(mailboxId: MailboxId, { removeEmails }: { removeEmails: boolean }): MailboxOutcome {
    return this.store.transact((transaction) => {
      const emailIds = this.store.sql.all<{ emailId: EmailId }>('SELECT email_id AS emailId FROM mail_entry WHERE mailbox_id = ? ORDER BY uid', mailboxId);
      const refusal = this.tree.refusalToDestroy(mailboxId, { holdsEmails: emailIds.length > 0, removeEmails });
      if (refusal) return { ok: false, refusal };
      for (const { emailId } of emailIds) takeOutOfMailbox(transaction, this.clock, { emailId, mailboxId });
      forgetAnnotations(transaction, mailboxId);
      transaction.delete('mailbox', mailboxId);
      return { ok: true, mailboxId };
    });
  }

  /** Inside the transaction; the name must be free. Ids are this device's: two devices never make the same mailbox. */
  make(transaction: DocumentTransaction, name: string, { role = null, isSubscribed = false, sortOrder = 0 }: Partial<MailboxInput> = {}): MailboxId {
    const { counter, replica } = transaction.nextMarkClock();
    const mailboxId = parseMailboxId(role ?? `B${this.store.deriveId('mailbox', `${counter}.${replica}`)}`);
    transaction.put('mailbox', mailboxId, { mailboxId, name, role, isSubscribed, sortOrder, createdAtMs: this.clock.nowMs() });
    return mailboxId;
  }

  #describe(shown: TreeMailbox, tree: MailboxTree, changedAt: number): Mailbox {
    const { mailboxId, name, role, isSubscribed, sortOrder } = shown;
    return {
      mailboxId, name, parentId: tree.parentIdOf(shown), role, isSubscribed, sortOrder,
      ...this.#counter.countsOf(mailboxId, changedAt), ...viewHead(this.store.sql, mailboxId)!,
    };
  }

  #rows(): MailboxRow[] {
    return this.store.sql.all<MailboxRow>(
      `SELECT mailbox_id AS mailboxId, name, role, is_subscribed AS isSubscribed, sort_order AS sortOrder, created_at_ms AS createdAtMs,
         changed_at AS changedAt FROM mail_mailbox`);
  }
}

function treeOf(rows: readonly MailboxRow[]): MailboxTree {
  return new MailboxTree(rows.map((row) => ({ ...row, isSubscribed: row.isSubscribed === 1 })));
}

function putPatched(transaction: DocumentTransaction, mailboxId: MailboxId, patch: Partial<MailboxDocument>): void {
  const known = transaction.get('mailbox', mailboxId)?.content;
  if (known) transaction.put('mailbox', mailboxId, { ...known, ...patch });
}
