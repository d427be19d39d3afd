import { fileMessages } from '../append/file-messages.js';
import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { bad, ok, type Completion } from '../completion.js';
import { MESSAGES_ARE_GONE, READ_ONLY } from '../error-table.js';
import { takeOwnExpunges } from '../session/expunge-messages.js';
import { readAppendMessage, type AppendMessage } from '../wire/append-message.js';
import type { CommandReader } from '../wire/command-reader.js';
import type { SequenceSet } from '../wire/sequence-set.js';

interface ReplaceArguments {
  /** Of one message. */
  set: SequenceSet;
  mailboxName: string;
  message: AppendMessage;
}

/** RFC 8508: one transaction, so that a draft saved anew is never there twice and never lost. */
export const replace = replaceCommand('REPLACE', false);
export const uidReplace = replaceCommand('UID REPLACE', true);

function replaceCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, isByNumber: !isUid, parse: readReplace, run: (context, args) => runReplace(context, args, isUid) });
}

// replace = "REPLACE" SP seq-number SP mailbox append-message
function readReplace(reader: CommandReader): ReplaceArguments {
  reader.space();
  const set = reader.sequenceNumber();
  reader.space();
  return { set, mailboxName: reader.mailbox(), message: readAppendMessage(reader) };
}

async function runReplace(context: SelectedContext, { set, mailboxName, message }: ReplaceArguments, isUid: boolean): Promise<Completion> {
  const { session, mailbox } = context;
  if (mailbox.isReadOnly) return READ_ONLY;
  const replaced = mailbox.resolve(set, isUid);
  if (!replaced) return bad('no message of this number');
  const entry = replaced[0]?.entry;
  if (!entry || mailbox.hasVanished(entry.uid)) return MESSAGES_ARE_GONE;
  const filed = await fileMessages(context, mailboxName, [message], { emailId: entry.emailId, mailboxId: mailbox.mailboxId });
  if (!filed.ok) return filed.completion;
  await session.writer.untagged(`OK [${filed.code}] the new message is there`); // RFC 8508 §3.1: before the old one goes
  return ok('REPLACE completed', await takeOwnExpunges(session, mailbox));
}
