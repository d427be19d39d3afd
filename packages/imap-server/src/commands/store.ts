import type { EmailUpdate, EmailUpdateOutcome, ViewEntry } from '@paloma/mail-store/port';
import type { MailboxId } from '@paloma/shared-model';
import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { bad, ok, type Completion } from '../completion.js';
import { COMPLETION_BY_UPDATE_REFUSAL, MESSAGES_ARE_GONE, READ_ONLY } from '../error-table.js';
import { inBatches } from '../session/in-batches.js';
import { progressOf } from '../session/progress.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { CommandReader } from '../wire/command-reader.js';
import type { FlagSet } from '../wire/flag.js';
import { readBareFlagSet } from '../wire/flag-set.js';
import { formatNumbers, type SequenceSet } from '../wire/sequence-set.js';

type StoreMode = 'replace' | 'add' | 'remove';

interface StoreArguments {
  set: SequenceSet;
  /** UNCHANGEDSINCE, RFC 7162 §3.1.3. */
  unchangedSince: number | null;
  mode: StoreMode;
  isSilent: boolean;
  flags: FlagSet;
}

/** A message and what became of it. */
interface Stored { message: NumberedEntry; outcome: EmailUpdateOutcome }

/** RFC 3501 §6.4.6. */
export const store = storeCommand('STORE', false);
/** RFC 3501 §6.4.8. */
export const uidStore = storeCommand('UID STORE', true);

function storeCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, announcesExpunges: isUid, isByNumber: !isUid, parse: readStore, run: (context, args) => runStore(context, args, isUid) });
}

const MODE_BY_SIGN: Record<string, StoreMode> = { '': 'replace', '+': 'add', '-': 'remove' };
const ITEM = /([+-]?)FLAGS(\.SILENT)?/iy;

// store = "STORE" SP sequence-set [SP "(UNCHANGEDSINCE" SP mod-sequence-valzer ")"] SP store-att-flags
function readStore(reader: CommandReader): StoreArguments {
  reader.space();
  const set = reader.sequenceSet();
  reader.space();
  const unchangedSince = reader.startsWith('(') ? readUnchangedSince(reader) : null;
  const item = reader.matchWord(ITEM, 'FLAGS');
  reader.space();
  const mode = MODE_BY_SIGN[/^[+-]?/.exec(item)![0]]!;
  return { set, unchangedSince, mode, isSilent: item.endsWith('.SILENT'), flags: readBareFlagSet(reader) };
}

function readUnchangedSince(reader: CommandReader): number {
  reader.char('(');
  if (reader.word() !== 'UNCHANGEDSINCE') reader.fail('UNCHANGEDSINCE');
  reader.space();
  const modSeq = reader.modSeq();
  reader.char(')');
  reader.space();
  return modSeq;
}

async function runStore(context: SelectedContext, args: StoreArguments, isUid: boolean): Promise<Completion> {
  const { session, mailbox } = context;
  if (mailbox.isReadOnly) return READ_ONLY;
  const messages = mailbox.resolve(args.set, isUid);
  if (!messages) return bad('no message of this number');
  if (args.unchangedSince !== null) session.enabled.add('CONDSTORE');
  const stored = await applyFlags(context, messages, args);
  mailbox.isStale = true;
  await mailbox.refresh();
  await tellStored(context, stored, args.isSilent, isUid);
  return completionOf(stored, isUid);
}

async function applyFlags({ session, store: mailStore, mailbox, tag }: SelectedContext, messages: readonly NumberedEntry[], args: StoreArguments): Promise<Stored[]> {
  const onProgress = progressOf(session, tag);
  let done = 0;
  return inBatches(messages, async (batch) => {
    const outcomes = await mailStore.updateEmails(batch.map(({ entry }) => updateOf(entry, mailbox.mailboxId, args)));
    done += batch.length;
    await onProgress(done, messages.length);
    return batch.map((message, index) => ({ message, outcome: outcomes[index]! }));
  });
}

function updateOf({ emailId, emailKey }: ViewEntry, mailboxId: MailboxId, { mode, flags, unchangedSince }: StoreArguments): EmailUpdate {
  const changesDeleted = mode === 'replace' || flags.isDeleted;
  // One shape for every way, for the sake of the compiler: ten thousand of them may follow.
  return {
    emailId,
    emailKey,
    setKeywords: mode === 'replace' ? flags.keywords : undefined,
    addKeywords: mode === 'add' ? flags.keywords : undefined,
    removeKeywords: mode === 'remove' ? flags.keywords : undefined,
    setDeleted: changesDeleted ? { mailboxId, isDeleted: mode !== 'remove' && flags.isDeleted } : undefined,
    ifUnchangedSince: unchangedSince ?? undefined,
  };
}

async function tellStored({ session, mailbox }: SelectedContext, stored: readonly Stored[], isSilent: boolean, isUid: boolean): Promise<void> {
  for (const { message, outcome } of stored) {
    const current = mailbox.find(message.entry.uid);
    if (!current || !outcome.ok) continue;
    // A later change by somebody else is news even after .SILENT, and is announced as such.
    const isOwnChange = current.entry.modSeq <= outcome.modSeq;
    if (isSilent && !isOwnChange) continue;
    mailbox.markAnnounced([current.entry.uid]);
    if (!isSilent) await session.announceFlags(current, { withUid: isUid });
    else if (session.enabled.has('CONDSTORE')) await session.announceModSeq(current);
  }
}

function completionOf(stored: readonly Stored[], isUid: boolean): Completion {
  const refused = stored.flatMap(({ message, outcome }) => (outcome.ok ? [] : [{ message, refusal: outcome.refusal }]));
  if (refused.some(({ refusal }) => refusal === 'tooManyKeywords')) return COMPLETION_BY_UPDATE_REFUSAL.tooManyKeywords;
  const modified = refused.filter(({ refusal }) => refusal === 'modified').map(({ message }) => message);
  // RFC 7162 §3.1.3: the command succeeds and names those it passed over.
  if (modified.length > 0) return ok('conditional STORE passed over some messages', `MODIFIED ${numbersOf(modified, isUid)}`);
  return refused.length > 0 && !isUid ? MESSAGES_ARE_GONE : ok('STORE completed');
}

function numbersOf(messages: readonly NumberedEntry[], isUid: boolean): string {
  return formatNumbers(messages.map(({ sequenceNumber, entry }) => (isUid ? entry.uid : sequenceNumber)));
}
