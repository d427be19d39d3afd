import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { bad, no, ok, type Completion } from '../completion.js';
import { MESSAGES_ARE_GONE, NO_TARGET_MAILBOX, READ_ONLY } from '../error-table.js';
import { findMailbox } from '../session/find-mailbox.js';
import { inBatches } from '../session/in-batches.js';
import { formatCopyUid, readCopyArguments, type CopyArguments } from '../wire/copy-arguments.js';

const SAME_MAILBOX = no('the messages are in this mailbox', 'CANNOT');

/** RFC 6851 §3.3: each message moves or stays, and is never in both; the same emails, not copies, so flags and identity stay. */
export const move = moveCommand('MOVE', false);
export const uidMove = moveCommand('UID MOVE', true);

function moveCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, isByNumber: !isUid, parse: readCopyArguments, run: (context, args) => runMove(context, args, isUid) });
}

async function runMove({ session, store, mailbox }: SelectedContext, { set, mailboxName }: CopyArguments, isUid: boolean): Promise<Completion> {
  if (mailbox.isReadOnly) return READ_ONLY;
  const messages = mailbox.resolve(set, isUid);
  if (!messages) return bad('no message of this number');
  const target = await findMailbox(store, mailboxName);
  if (!target) return NO_TARGET_MAILBOX;
  const { mailboxId } = target;
  if (mailboxId === mailbox.mailboxId) return SAME_MAILBOX;
  const present = messages.filter(({ entry }) => !mailbox.hasVanished(entry.uid));
  if (!isUid && present.length < messages.length) return MESSAGES_ARE_GONE;
  const outcomes = await inBatches(present, (batch) => store.updateEmails(batch.map(({ entry }) => ({
    emailId: entry.emailId, addMailboxIds: [mailboxId], removeMailboxIds: [mailbox.mailboxId],
  }))));
  mailbox.isStale = true;
  mailbox.hasOwnExpunges = true;
  const pairs = outcomes.flatMap((outcome, index) => {
    const to = outcome.ok ? outcome.addedUids.get(mailboxId) : undefined;
    return to ? [{ from: present[index]!.entry.uid, to }] : [];
  });
  // RFC 6851 §4.3: COPYUID comes before the EXPUNGE answers, which follow with the announcements.
  const copyUid = formatCopyUid(target.uidValidity, pairs);
  if (copyUid) await session.writer.untagged(`OK [${copyUid}] moved`);
  return ok('MOVE completed');
}
