import { authenticatedCommand } from '../command.js';
import { no, ok } from '../completion.js';
import { MailboxWatch } from '../notify/mailbox-watch.js';
import { NOTIFY_EVENTS } from '../notify/notify-settings.js';
import { readNotifyArguments } from '../wire/notify-arguments.js';

const BAD_EVENT = no('some of these events are not known here', `BADEVENT (${NOTIFY_EVENTS.join(' ')})`);

/** RFC 5465: from now on the server tells what it is asked for, whenever it happens and no command runs. */
export const notify = authenticatedCommand({
  name: 'NOTIFY',
  parse: readNotifyArguments,
  async run({ session, store }, { settings, asksStatus, hasUnknownEvents }) {
    if (hasUnknownEvents) return BAD_EVENT;
    await session.announce({ withExpunges: true }); // what was held back so far, RFC 5465 §3.1
    session.watch = new MailboxWatch(settings, await store.listMailboxes());
    if (asksStatus) await session.watch.announceAll(session);
    return ok('NOTIFY completed');
  },
});
