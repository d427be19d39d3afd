import { authenticatedCommand, type AuthenticatedContext } from '../command.js';
import { no, ok, type Completion } from '../completion.js';
import { COMPLETION_BY_APPEND_REFUSAL, NO_TARGET_MAILBOX } from '../error-table.js';
import { findMailbox } from '../session/find-mailbox.js';
import type { CommandReader } from '../wire/command-reader.js';
import type { FlagSet } from '../wire/flag.js';
import { readFlagSet } from '../wire/flag-set.js';

interface AppendArguments {
  mailboxName: string;
  flags: FlagSet;
  receivedAtMs: number | null;
  octets: Uint8Array;
}

/** RFC 3501 §6.3.11 with the UID in the answer (RFC 4315 §3). The octets are filed exactly as they came. */
export const append = authenticatedCommand({ name: 'APPEND', parse: readAppend, run: runAppend });

// append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP literal
function readAppend(reader: CommandReader): AppendArguments {
  reader.space();
  const mailboxName = reader.mailbox();
  reader.space();
  const flags = reader.startsWith('(') ? readFlagSet(reader) : null;
  if (flags) reader.space();
  const receivedAtMs = reader.startsWith('"') ? reader.dateTime() : null;
  if (receivedAtMs !== null) reader.space();
  return { mailboxName, flags: flags ?? { keywords: [], isDeleted: false }, receivedAtMs, octets: reader.literal() };
}

async function runAppend({ store }: AuthenticatedContext, { mailboxName, flags, receivedAtMs, octets }: AppendArguments): Promise<Completion> {
  if (octets.length === 0) return no('a message has at least one octet', 'CANNOT');
  const mailbox = await findMailbox(store, mailboxName);
  if (!mailbox) return NO_TARGET_MAILBOX;
  const { mailboxId, uidValidity } = mailbox;
  const outcome = await store.append({ octets, mailboxIds: [mailboxId], keywords: flags.keywords, ...(receivedAtMs !== null && { receivedAtMs }) });
  if (!outcome.ok) return COMPLETION_BY_APPEND_REFUSAL[outcome.refusal];
  if (flags.isDeleted) await store.updateEmails([{ emailId: outcome.emailId, setDeleted: { mailboxId, isDeleted: true } }]);
  return ok('APPEND completed', `APPENDUID ${uidValidity} ${outcome.uids.get(mailboxId)}`);
}
