import type { ViewEntry } from '@paloma/mail-store/port';
import { authenticatedCommand, type AuthenticatedContext, type Command } from '../command.js';
import { bad, ok, type Completion } from '../completion.js';
import { NO_SUCH_MAILBOX, UID_REQUIRED } from '../error-table.js';
import { SelectedMailbox } from '../session/selected-mailbox.js';
import { formatKnownFlags, type Session } from '../session/session.js';
import type { CommandReader } from '../wire/command-reader.js';
import { formatListed, oldName } from '../wire/listed-mailbox.js';
import { readQuickResync, type QuickResync } from '../wire/quick-resync.js';
import { announceResync } from '../session/announce-resync.js';

interface SelectArguments {
  mailboxName: string;
  /** As the client spells it. */
  written: string;
  isCondstore: boolean;
  quickResync: QuickResync | null;
}

/** RFC 3501 §6.3.1. */
export const select = selectCommand('SELECT', false);
/** RFC 3501 §6.3.2. */
export const examine = selectCommand('EXAMINE', true);

function selectCommand(name: string, isReadOnly: boolean): Command {
  return authenticatedCommand({ name, parse: readSelect, run: (context, args) => runSelect(name, isReadOnly, context, args) });
}

// select-param = "CONDSTORE" / "QRESYNC" SP "(" … ")"     RFC 7162 §7
function readSelect(reader: CommandReader): SelectArguments {
  reader.space();
  const { name: mailboxName, written } = reader.writtenMailbox();
  const args: SelectArguments = { mailboxName, written, isCondstore: false, quickResync: null };
  if (!reader.tryChar(' ')) return args;
  reader.list(() => {
    const word = reader.word();
    if (word === 'CONDSTORE') args.isCondstore = true;
    else if (word === 'QRESYNC') args.quickResync = readQuickResync(reader);
    else reader.fail('select parameter');
  }, { maxItems: 2 });
  return args;
}

async function runSelect(name: string, isReadOnly: boolean, { session, store }: AuthenticatedContext, args: SelectArguments): Promise<Completion> {
  if (args.quickResync && !session.enabled.has('QRESYNC')) return bad('enable QRESYNC first'); // RFC 7162 §3.2.5
  if (args.quickResync?.hasSequenceMatch && session.enabled.has('UIDONLY')) return UID_REQUIRED;
  await deselect(session);
  if (args.isCondstore) session.enabled.add('CONDSTORE');
  const mailboxes = await store.listMailboxes();
  const mailbox = mailboxes.find(({ name: candidate }) => candidate === args.mailboxName);
  const view = mailbox && (await store.openView(mailbox.mailboxId));
  if (!mailbox || !view) return NO_SUCH_MAILBOX;
  const selected = new SelectedMailbox(store, view, isReadOnly);
  // From here on changes are noted; those since the view was taken are found at the next refresh.
  selected.isStale = true;
  session.selected = selected;
  await describe(session, selected);
  if (session.enabled.has('IMAP4rev2')) await session.writer.untagged(formatListed(mailbox, mailboxes, { isUtf8: session.isUtf8, extended: otherSpelling(args, session) })); // RFC 9051 §6.3.2
  if (args.quickResync) await announceResync(session, selected, args.quickResync);
  return ok(`${name} completed`, isReadOnly ? 'READ-ONLY' : 'READ-WRITE');
}

function otherSpelling({ mailboxName, written }: SelectArguments, session: Session): string | null {
  return written === mailboxName || mailboxName === 'INBOX' ? null : oldName(written, session);
}

/** Also when the new mailbox cannot be selected: RFC 3501 §6.3.1. */
async function deselect(session: Session): Promise<void> {
  if (!session.selected) return;
  session.selected = null;
  await session.writer.untagged('OK [CLOSED] the mailbox selected before is closed'); // RFC 7162 §3.2.11
}

/** `\Recent` and the first unseen message are matters of IMAP4rev1 alone: RFC 9051 §E. */
async function describe({ writer, enabled }: Session, selected: SelectedMailbox): Promise<void> {
  const isRev2 = enabled.has('IMAP4rev2');
  const { keywords, count, entries, uidValidity, uidNext, highestModSeq, mailboxId } = selected;
  const unseen = entries.findIndex(isUnseen);
  selected.takeAnnouncements({ withExpunges: true });
  await writer.untagged(`FLAGS ${formatKnownFlags(keywords)}`);
  const permanent = selected.isReadOnly ? '()' : formatKnownFlags(keywords, '\\*');
  await writer.untagged(`OK [PERMANENTFLAGS ${permanent}] flags that are kept`);
  await writer.untagged(`${count} EXISTS`);
  if (!isRev2) await writer.untagged('0 RECENT');
  if (!isRev2 && unseen >= 0 && !enabled.has('UIDONLY')) await writer.untagged(`OK [UNSEEN ${unseen + 1}] first unseen message`);
  await writer.untagged(`OK [UIDVALIDITY ${uidValidity}] UIDs are valid`);
  await writer.untagged(`OK [UIDNEXT ${uidNext}] next UID`);
  await writer.untagged(`OK [HIGHESTMODSEQ ${highestModSeq}] highest mod-sequence`);
  await writer.untagged(`OK [MAILBOXID (${mailboxId})] mailbox id`); // RFC 8474 §4.2
}

function isUnseen({ keywords }: ViewEntry): boolean {
  return !keywords.includes('$seen');
}
