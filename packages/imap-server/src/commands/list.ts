import type { Mailbox } from '@paloma/mail-store/port';
import { authenticatedCommand, type AuthenticatedContext } from '../command.js';
import { ok, type Completion } from '../completion.js';
import { readListArguments, type ListArguments } from '../wire/list-arguments.js';
import { matchesListPattern } from '../wire/list-pattern.js';
import { DELIMITER, formatMailboxName, parseMailboxName } from '../wire/mailbox-name.js';
import { formatStatus } from '../wire/status-item.js';
import { formatAString } from '../wire/string.js';

/** RFC 6154 §2. The inbox needs no attribute: its name says it. */
const ATTRIBUTE_BY_ROLE: ReadonlyMap<string, string> = new Map([
  ['drafts', '\\Drafts'], ['sent', '\\Sent'], ['archive', '\\Archive'], ['junk', '\\Junk'], ['trash', '\\Trash'],
]);

/** RFC 3501 §6.3.8 with RFC 5258, RFC 5819 and RFC 6154. */
export const list = authenticatedCommand({ name: 'LIST', parse: readListArguments, run: runList });

async function runList({ session, store }: AuthenticatedContext, args: ListArguments): Promise<Completion> {
  const { writer, environment } = session;
  const isExtended = args.selection.size > 0 || args.patterns.length > 1;
  if (!isExtended && args.patterns[0] === '') {
    await writer.untagged(`LIST (\\Noselect) "${DELIMITER}" ""`); // asks for the delimiter alone
    return ok('LIST completed');
  }
  const mailboxes = await store.listMailboxes();
  for (const { mailbox, childInfo } of selectMailboxes(mailboxes, args)) {
    await writer.untagged(formatListed(mailbox, mailboxes, args, childInfo));
    if (args.statusItems) await writer.untagged(formatStatus(mailbox, args.statusItems, environment.limits.maxMessageBytes));
  }
  return ok('LIST completed');
}

interface Listed {
  mailbox: Mailbox;
  /** Listed for a child that is selected and does not match itself: RECURSIVEMATCH. */
  childInfo: boolean;
}

function selectMailboxes(mailboxes: readonly Mailbox[], { selection, reference, patterns }: ListArguments): Listed[] {
  const wanted = patterns.map((pattern) => parseMailboxName(reference + pattern));
  const matches = ({ name }: Mailbox): boolean => wanted.some((pattern) => matchesListPattern(name, pattern));
  const isSelected = (mailbox: Mailbox): boolean =>
    (!selection.has('SUBSCRIBED') || mailbox.isSubscribed) && (!selection.has('SPECIAL-USE') || ATTRIBUTE_BY_ROLE.has(mailbox.role ?? ''));
  // RFC 5258 §3.5: of children that the pattern itself does not show.
  const hasSelectedChild = (mailbox: Mailbox): boolean =>
    selection.has('RECURSIVEMATCH') && childrenOf(mailbox, mailboxes).some((child) => isSelected(child) && !matches(child));
  return mailboxes.filter(matches)
    .map((mailbox) => ({ mailbox, isSelected: isSelected(mailbox), childInfo: hasSelectedChild(mailbox) }))
    .filter((listed) => listed.isSelected || listed.childInfo);
}

function childrenOf({ name }: Mailbox, mailboxes: readonly Mailbox[]): Mailbox[] {
  return mailboxes.filter((other) => other.name.startsWith(name + DELIMITER));
}

/** `LIST (\HasNoChildren \Sent) "/" Sent`; whether it has children is always told (RFC 3348, RFC 5258 §4). */
function formatListed(mailbox: Mailbox, mailboxes: readonly Mailbox[], { selection, returns }: ListArguments, childInfo: boolean): string {
  const role = ATTRIBUTE_BY_ROLE.get(mailbox.role ?? '');
  const tellsSubscription = selection.has('SUBSCRIBED') || returns.has('SUBSCRIBED');
  const attributes = [
    childrenOf(mailbox, mailboxes).length > 0 ? '\\HasChildren' : '\\HasNoChildren',
    ...(tellsSubscription && mailbox.isSubscribed ? ['\\Subscribed'] : []),
    ...(role ? [role] : []),
  ];
  const extended = childInfo ? ` ("CHILDINFO" (${selection.has('SUBSCRIBED') ? '"SUBSCRIBED"' : '"SPECIAL-USE"'}))` : '';
  return `LIST (${attributes.join(' ')}) "${DELIMITER}" ${formatAString(formatMailboxName(mailbox.name))}${extended}`;
}
