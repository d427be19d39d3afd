import type { MailboxRole } from '@paloma/shared-model';
import { authenticatedCommand, type AuthenticatedContext } from '../command.js';
import { ok, type Completion } from '../completion.js';
import { COMPLETION_BY_MAILBOX_REFUSAL, USE_NOT_POSSIBLE } from '../error-table.js';
import { formatListed, oldName } from '../wire/listed-mailbox.js';
import { DELIMITER } from '../wire/mailbox-name.js';
import type { CommandReader } from '../wire/command-reader.js';
import { roleOfUse } from '../wire/special-use.js';

interface CreateArguments { name: string; written: string; uses: readonly string[] }

/** RFC 3501 §6.3.3, RFC 6154 §3. */
export const create = authenticatedCommand({
  name: 'CREATE',
  parse(reader: CommandReader): CreateArguments {
    reader.space();
    return { ...reader.writtenMailbox(), uses: reader.tryChar(' ') ? readUses(reader) : [] };
  },
  run: runCreate,
});

async function runCreate({ session, store }: AuthenticatedContext, { name, written, uses }: CreateArguments): Promise<Completion> {
  const role = roleOfUses(uses);
  if (role === 'none') return USE_NOT_POSSIBLE;
  // A trailing delimiter only says that children will follow.
  const outcome = await store.createMailbox({ name: name.endsWith(DELIMITER) ? name.slice(0, -1) : name, role, isSubscribed: false });
  if (!outcome.ok) return COMPLETION_BY_MAILBOX_REFUSAL[outcome.refusal];
  const mailboxes = await store.listMailboxes();
  const created = mailboxes.find(({ mailboxId }) => mailboxId === outcome.mailboxId);
  if (created) session.watch?.learn([created]);
  if (created && session.enabled.has('IMAP4rev2') && name !== written) await session.writer.untagged(formatListed(created, mailboxes, { isUtf8: session.isUtf8, extended: oldName(written, session) }));
  return ok('CREATE completed', `MAILBOXID (${outcome.mailboxId})`); // RFC 8474 §4.1
}

/** Null when none is asked for; a mailbox has one use at most, so several are none that is possible. */
function roleOfUses([use, ...more]: readonly string[]): MailboxRole | null | 'none' {
  if (use === undefined) return null;
  return (more.length === 0 && roleOfUse(use)) || 'none';
}

// create-param = "USE" SP "(" [use-attr *(SP use-attr)] ")"     RFC 6154 §6
function readUses(reader: CommandReader): string[] {
  reader.char('(');
  if (reader.word() !== 'USE') reader.fail('USE');
  reader.space();
  const uses = reader.flagList();
  reader.char(')');
  return uses;
}
