// Mailboxes in the order of the sidebar: roles first, then the user's own by name, children below their parents.

import type { Mailbox, MailboxRole } from '../jmap/types.js';

const ROLE_ORDER: readonly MailboxRole[] = ['inbox', 'important', 'drafts', 'sent', 'archive', 'junk', 'trash'];

export interface SidebarEntry {
  mailbox: Mailbox;
  /** 0 for the top level. */
  depth: number;
}

export function sidebarOrder(mailboxes: readonly Mailbox[], locale: string): { roles: Mailbox[]; others: SidebarEntry[] } {
  const roles = ROLE_ORDER.flatMap((role) => mailboxes.filter((mailbox) => mailbox.role === role));
  const collator = new Intl.Collator(locale, { numeric: true });
  const others = mailboxes.filter(({ role }) => role === null);
  const byOrder = (a: Mailbox, b: Mailbox): number => a.sortOrder - b.sortOrder || collator.compare(a.name, b.name);
  const known = new Set(others.map(({ id }) => id));
  const isTop = ({ parentId }: Mailbox): boolean => parentId === null || !known.has(parentId);
  const below = (mailbox: Mailbox, depth: number): SidebarEntry[] => [
    { mailbox, depth },
    ...others.filter(({ parentId }) => parentId === mailbox.id).sort(byOrder).flatMap((child) => below(child, depth + 1)),
  ];
  return { roles, others: others.filter(isTop).sort(byOrder).flatMap((mailbox) => below(mailbox, 0)) };
}

/** The mailbox with this role, if the account has one. */
export const mailboxOfRole = (mailboxes: readonly Mailbox[], role: MailboxRole): Mailbox | undefined => mailboxes.find((mailbox) => mailbox.role === role);
