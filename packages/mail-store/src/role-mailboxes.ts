// The six mailboxes every account has and keeps. Their ids are their roles, so two devices that both make them agree.

import { parseMailboxId, type MailboxDocument, type MailboxRole } from '@paloma/shared-model';

/** In the order of their `sortOrder`, from 1. RFC 9051 §5.1 fixes the name of the inbox. */
const ROLE_MAILBOX_NAMES = [
  ['inbox', 'INBOX'], ['drafts', 'Drafts'], ['sent', 'Sent'], ['archive', 'Archive'], ['junk', 'Junk'], ['trash', 'Trash'],
] as const satisfies readonly (readonly [MailboxRole, string])[];

const KEPT_ROLES: ReadonlySet<MailboxRole> = new Set(ROLE_MAILBOX_NAMES.map(([role]) => role));

/** Whether the account needs a mailbox of this role. */
export function isKept(role: MailboxRole | null): boolean {
  return role !== null && KEPT_ROLES.has(role);
}

export const INBOX_ID = parseMailboxId('inbox');
export const SENT_ID = parseMailboxId('sent');
export const ARCHIVE_ID = parseMailboxId('archive');
export const TRASH_ID = parseMailboxId('trash');

/** `createdAtMs` is 0 on every device: the same document everywhere, and first when a name is there twice. */
export const ROLE_MAILBOXES: readonly MailboxDocument[] = ROLE_MAILBOX_NAMES.map(([role, name], index) => ({
  mailboxId: role, name, role, isSubscribed: true, sortOrder: index + 1, createdAtMs: 0,
}));
