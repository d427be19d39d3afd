// mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox [SP mbox-list-extended]     RFC 3501 §9, RFC 5258 §6

import type { Mailbox } from '@paloma/mail-store/port';
import { DELIMITER, formatMailboxName } from './mailbox-name.js';

import { specialUseOf } from './special-use.js';

export function childrenOf({ name }: Mailbox, mailboxes: readonly Mailbox[]): Mailbox[] {
  return mailboxes.filter((other) => other.name.startsWith(name + DELIMITER));
}

export interface ListedOptions {
  isUtf8: boolean;
  /** `\Subscribed` where it is. */
  tellsSubscription?: boolean;
  /** Extended data, e.g. `"CHILDINFO" ("SUBSCRIBED")`. */
  extended?: string | null;
}

/** A mailbox that is gone, RFC 5465 §5.4. */
export function formatNonExistent({ name }: Mailbox, { isUtf8 }: { isUtf8: boolean }): string {
  return `LIST (\\NonExistent) "${DELIMITER}" ${formatMailboxName(name, { isUtf8 })}`;
}

/** `"OLDNAME" ("old")`, for a name that is no longer, or that is written otherwise here (RFC 9051 §6.3.9.7). */
export function oldName(name: string, options: { isUtf8: boolean }): string {
  return `"OLDNAME" (${formatMailboxName(name, options)})`;
}

/** `LIST (\HasNoChildren \Sent) "/" Sent`; whether it has children is always told (RFC 3348, RFC 5258 §4). */
export function formatListed(mailbox: Mailbox, mailboxes: readonly Mailbox[], { isUtf8, tellsSubscription = false, extended = null }: ListedOptions): string {
  const use = specialUseOf(mailbox);
  const attributes = [
    childrenOf(mailbox, mailboxes).length > 0 ? '\\HasChildren' : '\\HasNoChildren',
    ...(tellsSubscription && mailbox.isSubscribed ? ['\\Subscribed'] : []),
    ...(use ? [use] : []),
  ];
  return `LIST (${attributes.join(' ')}) "${DELIMITER}" ${formatMailboxName(mailbox.name, { isUtf8 })}${extended ? ` (${extended})` : ''}`;
}
