import { authenticatedCommand, type Command } from '../command.js';
import { ok } from '../completion.js';
import { COMPLETION_BY_MAILBOX_REFUSAL, NO_SUCH_MAILBOX } from '../error-table.js';
import { findMailbox } from '../session/find-mailbox.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 3501 §6.3.6. */
export const subscribe = subscriptionCommand('SUBSCRIBE', true);
/** RFC 3501 §6.3.7. */
export const unsubscribe = subscriptionCommand('UNSUBSCRIBE', false);

/** A subscription belongs to the mailbox and goes with it, so a name without mailbox cannot be subscribed to. */
function subscriptionCommand(name: string, isSubscribed: boolean): Command {
  return authenticatedCommand({
    name,
    parse(reader: CommandReader) {
      reader.space();
      return reader.mailbox();
    },
    async run({ session, store }, mailboxName) {
      const mailbox = await findMailbox(store, mailboxName);
      if (!mailbox) return NO_SUCH_MAILBOX;
      const outcome = await store.updateMailbox(mailbox.mailboxId, { isSubscribed });
      if (!outcome.ok) return COMPLETION_BY_MAILBOX_REFUSAL[outcome.refusal];
      session.watch?.learn([{ ...mailbox, isSubscribed }]);
      return ok(`${name} completed`);
    },
  });
}
