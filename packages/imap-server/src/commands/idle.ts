import { anyStateCommand } from '../command.js';
import { bad, ok } from '../completion.js';
import { pushChanges } from '../session/push-changes.js';

/** RFC 2177: what changes is told at once, until the client says DONE. */
export const idle = anyStateCommand({
  name: 'IDLE',
  async run(session) {
    await session.announce({ withExpunges: true });
    await session.source.requestContinuation('idling');
    const stopPushing = pushChanges(session, { withExpunges: true });
    const line = await session.source.nextLine();
    await stopPushing();
    return line?.toUpperCase() === 'DONE' ? ok('IDLE completed') : bad('DONE expected');
  },
}, ['authenticated', 'selected']);
