// The mailbox tree of the memory store.

import { parseMailboxId, type Clock, type MailboxId } from '@paloma/shared-model';
import type { Mailbox, MailboxInput, MailboxOutcome, MailboxPatch } from '../port/index.js';
import { TRASH_ID } from '../role-mailboxes.js';
import type { MailboxTree, TreeMailbox } from '../mailbox-tree.js';
import type { MemoryAccount, MemoryEmail, MemoryMailbox } from './memory-account.js';

export class MemoryMailboxes {
  constructor(private readonly account: MemoryAccount, private readonly clock: Clock) {}

  list(): Mailbox[] {
    const { tree } = this.account;
    return tree.list().map((mailbox) => this.#describe(mailbox, tree));
  }

  create(input: MailboxInput): MailboxOutcome {
    const plan = this.account.tree.planCreate(input);
    if (!plan.ok) return plan;
    this.#make(plan.names.slice(0, -1));
    return { ok: true, mailboxId: this.#makeOne(plan.names.at(-1) ?? input.name, input) };
  }

  update(mailboxId: MailboxId, patch: MailboxPatch): MailboxOutcome {
    const { tree } = this.account;
    const known = tree.get(mailboxId);
    if (!known) return { ok: false, refusal: 'notFound' };
    const plan = tree.planRename(mailboxId, patch.name ?? known.name);
    if (!plan.ok) return plan;
    this.#make(plan.parentNames);
    for (const rename of plan.renames) this.account.changeMailbox(rename.mailboxId, { name: rename.name });
    const { isSubscribed = known.isSubscribed, sortOrder = known.sortOrder } = patch;
    if (isSubscribed !== known.isSubscribed || sortOrder !== known.sortOrder) this.account.changeMailbox(mailboxId, { isSubscribed, sortOrder });
    return { ok: true, mailboxId };
  }

  destroy(mailboxId: MailboxId, { removeEmails }: { removeEmails: boolean }): MailboxOutcome {
    const emails = [...(this.account.mailboxes.get(mailboxId)?.emails ?? [])];
    const refusal = this.account.tree.refusalToDestroy(mailboxId, { holdsEmails: emails.length > 0, removeEmails });
    if (refusal) return { ok: false, refusal };
    for (const email of emails) {
      this.account.removeFromMailbox(email, mailboxId);
      this.account.settleEmail(email);
    }
    this.account.removeMailbox(mailboxId);
    return { ok: true, mailboxId };
  }

  #make(names: readonly string[]): void {
    for (const name of names) this.#makeOne(name, {});
  }

  #makeOne(name: string, { role = null, isSubscribed = false, sortOrder = 0 }: Partial<MailboxInput>): MailboxId {
    const mailboxId = parseMailboxId(role ?? this.account.newId('B'));
    this.account.addMailbox({ mailboxId, name, role, isSubscribed, sortOrder, createdAtMs: this.clock.nowMs() });
    return mailboxId;
  }

  #describe(shown: TreeMailbox, tree: MailboxTree): Mailbox {
    const { mailboxId, name, role, isSubscribed, sortOrder } = shown;
    const mailbox = this.account.mailboxes.get(mailboxId)!;
    const { uidValidity, uidNext, viewModSeq } = mailbox;
    return {
      mailboxId, name, parentId: tree.parentIdOf(shown), role, isSubscribed, sortOrder,
      ...this.#counts(mailbox), uidValidity, uidNext, highestModSeq: viewModSeq,
    };
  }

  #counts({ emails, document }: MemoryMailbox): Pick<Mailbox, 'totalEmails' | 'unreadEmails' | 'totalThreads' | 'unreadThreads' | 'sizeBytes'> {
    const list = [...emails];
    const threadIds = new Set(list.map(({ message }) => message.threadId));
    // RFC 8621 §2: the trash and the rest of the account are apart when unread threads are counted.
    const counts = (email: MemoryEmail): boolean => (document.role === 'trash' ? email.entries.has(TRASH_ID) : !isOnlyInTrash(email));
    return {
      totalEmails: list.length,
      unreadEmails: list.filter(isUnread).length,
      totalThreads: threadIds.size,
      unreadThreads: [...threadIds].filter((threadId) => this.account.threads.emailsOf(threadId).some((email) => isUnread(email) && counts(email))).length,
      sizeBytes: list.reduce((sum, { message }) => sum + message.sizeBytes, 0),
    };
  }
}

function isUnread({ keywords }: MemoryEmail): boolean {
  return !keywords.includes('$seen') && !keywords.includes('$draft');
}

function isOnlyInTrash({ entries }: MemoryEmail): boolean {
  return entries.size === 1 && entries.has(TRASH_ID);
}
