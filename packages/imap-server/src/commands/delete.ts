import { authenticatedCommand } from '../command.js';
import { ok } from '../completion.js';
import { COMPLETION_BY_MAILBOX_REFUSAL, NO_SUCH_MAILBOX } from '../error-table.js';
import { findMailbox } from '../session/find-mailbox.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 3501 §6.3.4: the mailbox goes with its messages. One that holds mailboxes stays: there is no `\Noselect` here. */
export const deleteMailbox = authenticatedCommand({
  name: 'DELETE',
  parse(reader: CommandReader) {
    reader.space();
    return reader.mailbox();
  },
  async run({ session, store }, name) {
    const mailbox = await findMailbox(store, name);
    if (!mailbox) return NO_SUCH_MAILBOX;
    const outcome = await store.destroyMailbox(mailbox.mailboxId, { removeEmails: true });
    if (!outcome.ok) return COMPLETION_BY_MAILBOX_REFUSAL[outcome.refusal];
    session.watch?.forget(mailbox);
    return ok('DELETE completed');
  },
});
