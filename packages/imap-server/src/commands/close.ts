import { selectedCommand } from '../command.js';
import { ok } from '../completion.js';
import { expungeMessages } from '../session/expunge-messages.js';

/** RFC 3501 §6.4.2: expunges without telling, and leaves the mailbox. What others did is told before. */
export const close = selectedCommand({
  name: 'CLOSE',
  async run(context) {
    const { session, store, mailbox } = context;
    await session.announce({ withExpunges: true });
    await session.watch?.learnMessages(store, mailbox.mailboxId, mailbox.entries.filter(({ isDeleted }) => isDeleted).map(({ uid }) => uid));
    const code = mailbox.isReadOnly ? undefined : await expungeMessages(context, mailbox.entries);
    session.selected = null;
    return ok('CLOSE completed', code);
  },
});
