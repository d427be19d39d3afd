import type { MailStore, ViewEntry } from '@paloma/mail-store/port';
import type { MailboxId } from '@paloma/shared-model';
import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { bad, ok, type Completion } from '../completion.js';
import { MESSAGES_ARE_GONE, NO_TARGET_MAILBOX, READ_ONLY } from '../error-table.js';
import { takeOwnExpunges } from '../session/expunge-messages.js';
import { findMailbox } from '../session/find-mailbox.js';
import { inBatches } from '../session/in-batches.js';
import { formatCopyUid, readCopyArguments, type CopyArguments } from '../wire/copy-arguments.js';

/** RFC 6851 §3.3: each message moves or stays, and is never in both; to another mailbox the same emails, not copies, so flags and identity stay. */
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
  const present = messages.filter(({ entry }) => !mailbox.hasVanished(entry.uid));
  if (!isUid && present.length < messages.length) return MESSAGES_ARE_GONE;
  const { mailboxId: source } = mailbox;
  const work = target.mailboxId === source ? moveWithin : moveBetween;
  const uids = await inBatches(present, async (batch) => {
    const moved = await work(store, batch.map(({ entry }) => entry), { source, target: target.mailboxId });
    await session.watch?.learnMessages(store, target.mailboxId, moved.filter((uid) => uid !== undefined));
    return moved;
  });
  const pairs = uids.flatMap((to, index) => (to === undefined ? [] : [{ from: present[index]!.entry.uid, to }]));
  // RFC 6851 §4.3: COPYUID comes before the EXPUNGE answers, which follow with the announcements.
  const copyUid = formatCopyUid(target.uidValidity, pairs);
  if (copyUid) await session.writer.untagged(`OK [${copyUid}] moved`);
  return ok('MOVE completed', copyUid && (await takeOwnExpunges(session, mailbox))); // RFC 6851 §4.4
}

interface Way { source: MailboxId; target: MailboxId }

/** New UIDs; undefined where there was nothing to be moved any more. */
async function moveBetween(store: MailStore, entries: readonly ViewEntry[], { source, target }: Way): Promise<(number | undefined)[]> {
  const outcomes = await store.updateEmails(entries.map(({ emailId, emailKey }) => ({ emailId, emailKey, addMailboxIds: [target], removeMailboxIds: [source] })));
  return outcomes.map((outcome) => (outcome.ok ? outcome.addedUids.get(target) : undefined));
}

/** To the end of the same mailbox (RFC 6851 §3.3). An email is in a mailbox once, so a new one takes the place of each. */
async function moveWithin(store: MailStore, entries: readonly ViewEntry[], { source }: Way): Promise<(number | undefined)[]> {
  return (await store.moveToEnd(entries.map(({ emailId }) => emailId), source)).map((moved) => moved?.uid);
}
