import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { bad, ok, type Completion } from '../completion.js';
import { MESSAGES_ARE_GONE, NO_TARGET_MAILBOX } from '../error-table.js';
import { findMailbox } from '../session/find-mailbox.js';
import { formatCopyUid, readCopyArguments, type CopyArguments } from '../wire/copy-arguments.js';

/** RFC 3501 §6.4.7. */
export const copy = copyCommand('COPY', false);
/** RFC 3501 §6.4.8. */
export const uidCopy = copyCommand('UID COPY', true);

function copyCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, isByNumber: !isUid, parse: readCopyArguments, run: (context, args) => runCopy(context, args, isUid) });
}

async function runCopy({ session, store, mailbox }: SelectedContext, { set, mailboxName }: CopyArguments, isUid: boolean): Promise<Completion> {
  const messages = mailbox.resolve(set, isUid);
  if (!messages) return bad('no message of this number');
  const target = await findMailbox(store, mailboxName);
  if (!target) return NO_TARGET_MAILBOX;
  const present = messages.filter(({ entry }) => !mailbox.hasVanished(entry.uid));
  if (!isUid && present.length < messages.length) return MESSAGES_ARE_GONE;
  // RFC 9051 §6.4.7: after a failure the mailbox MUST be as it was before, hence one transaction, during which no other session has its turn. In
  // several, a process killed in between would leave some of the copies behind, and others would have seen them come and go.
  const copies = await store.copyEmails(present.map(({ entry }) => entry.emailId), target.mailboxId);
  const pairs = present.flatMap(({ entry }, index) => {
    const copied = copies[index];
    return copied ? [{ from: entry.uid, to: copied.uid }] : [];
  });
  await session.watch?.learnMessages(store, target.mailboxId, pairs.map(({ to }) => to));
  return ok('COPY completed', formatCopyUid(target.uidValidity, pairs));
}
