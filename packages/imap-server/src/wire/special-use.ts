// What a mailbox is for, RFC 6154 §2 and RFC 8457 §3.

import type { Mailbox } from '@paloma/mail-store/port';
import type { MailboxRole } from '@paloma/shared-model';

/** The inbox needs no attribute: its name says it. `\All` and `\Flagged` are for mailboxes that are searches; there are none. */
const USES: readonly (readonly [role: MailboxRole, attribute: string])[] = [
  ['drafts', '\\Drafts'], ['sent', '\\Sent'], ['archive', '\\Archive'], ['junk', '\\Junk'], ['trash', '\\Trash'], ['important', '\\Important'],
];
const ATTRIBUTE_BY_ROLE: ReadonlyMap<MailboxRole | null, string> = new Map(USES);
const ROLE_BY_ATTRIBUTE: ReadonlyMap<string, MailboxRole> = new Map(USES.map(([role, attribute]) => [attribute.toLowerCase(), role]));

/** `\Sent`; null for mailboxes without a use. */
export function specialUseOf({ role }: Pick<Mailbox, 'role'>): string | null {
  return ATTRIBUTE_BY_ROLE.get(role) ?? null;
}

/** Null: no mailbox can have this use. */
export function roleOfUse(attribute: string): MailboxRole | null {
  return ROLE_BY_ATTRIBUTE.get(attribute.toLowerCase()) ?? null;
}
