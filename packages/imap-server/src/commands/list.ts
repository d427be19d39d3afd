import type { Mailbox } from '@paloma/mail-store/port';
import { authenticatedCommand, type AuthenticatedContext } from '../command.js';
import { ok, type Completion } from '../completion.js';
import { toldAnnotations } from '../metadata/told-annotations.js';
import { announceStatus } from '../session/announce-status.js';
import type { Session } from '../session/session.js';
import { readListArguments, type ListArguments } from '../wire/list-arguments.js';
import { matchesListPattern } from '../wire/list-pattern.js';
import { childrenOf, formatListed, type ListedOptions } from '../wire/listed-mailbox.js';
import { formatMetadata } from '../wire/metadata-arguments.js';
import { DELIMITER } from '../wire/mailbox-name.js';
import { specialUseOf } from '../wire/special-use.js';

/** RFC 3501 §6.3.8 with RFC 5258, RFC 5819 and RFC 6154. */
export const list = authenticatedCommand({ name: 'LIST', parse: readListArguments, run: runList });

async function runList({ session, store }: AuthenticatedContext, args: ListArguments): Promise<Completion> {
  const { writer } = session;
  const isExtended = args.selection.size > 0 || args.patterns.length > 1;
  if (!isExtended && args.patterns[0] === '') {
    await writer.untagged(`LIST (\\Noselect) "${DELIMITER}" ""`); // asks for the delimiter alone
    return ok('LIST completed');
  }
  const mailboxes = await store.listMailboxes();
  for (const listed of selectMailboxes(mailboxes, args)) {
    await writer.untagged(formatListed(listed.mailbox, mailboxes, listedOptions(args, listed, session)));
    if (args.statusItems) await announceStatus(session, listed.mailbox, args.statusItems);
    if (args.metadataNames.length > 0) await announceMetadata(session, listed.mailbox, args.metadataNames);
  }
  return ok('LIST completed');
}

/** RFC 9590 §3: entries that are not set are NIL. */
async function announceMetadata(session: Session, mailbox: Mailbox, names: readonly string[]): Promise<void> {
  const values = new Map((await toldAnnotations(session.store!, mailbox))?.map((annotation) => [annotation.name, annotation.value]));
  await session.writer.untagged(...formatMetadata(mailbox.name, names.map((asked) => ({ name: asked, value: values.get(asked) ?? null })), session));
}

interface Listed {
  mailbox: Mailbox;
  /** Listed for a child that is selected and does not match itself: RECURSIVEMATCH. */
  childInfo: boolean;
}

function selectMailboxes(mailboxes: readonly Mailbox[], { selection, reference, patterns }: ListArguments): Listed[] {
  const wanted = patterns.map((pattern) => reference + pattern);
  const matches = ({ name }: Mailbox): boolean => wanted.some((pattern) => matchesListPattern(name, pattern));
  const isSelected = (mailbox: Mailbox): boolean =>
    (!selection.has('SUBSCRIBED') || mailbox.isSubscribed) && (!selection.has('SPECIAL-USE') || specialUseOf(mailbox) !== null);
  // RFC 5258 §3.5: of children that the pattern itself does not show.
  const hasSelectedChild = (mailbox: Mailbox): boolean =>
    selection.has('RECURSIVEMATCH') && childrenOf(mailbox, mailboxes).some((child) => isSelected(child) && !matches(child));
  return mailboxes.filter(matches)
    .map((mailbox) => ({ mailbox, isSelected: isSelected(mailbox), childInfo: hasSelectedChild(mailbox) }))
    .filter((listed) => listed.isSelected || listed.childInfo);
}

/** CHILDINFO tells why a mailbox is listed that is not selected itself, RFC 5258 §3.5. */
function listedOptions({ selection, returns }: ListArguments, { childInfo }: Listed, { isUtf8 }: Session): ListedOptions {
  return {
    isUtf8,
    tellsSubscription: selection.has('SUBSCRIBED') || returns.has('SUBSCRIBED'),
    extended: childInfo ? `"CHILDINFO" (${selection.has('SUBSCRIBED') ? '"SUBSCRIBED"' : '"SPECIAL-USE"'})` : null,
  };
}
