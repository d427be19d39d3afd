import { anyStateCommand } from '../command.js';
import { bad, ok } from '../completion.js';
import { completionOfError } from '../error-table.js';
import type { Session } from '../session/session.js';

/** RFC 2177: what changes is told at once, until the client says DONE. */
export const idle = anyStateCommand({
  name: 'IDLE',
  async run(session) {
    await session.announce({ withExpunges: true });
    await session.source.requestContinuation('idling');
    const stopPushing = pushChanges(session);
    const line = await session.source.nextLine();
    await stopPushing();
    return line?.toUpperCase() === 'DONE' ? ok('IDLE completed') : bad('DONE expected');
  },
}, ['authenticated', 'selected']);

/** Tells changes one after another. The function it gives ends that and waits for what is being told. */
function pushChanges(session: Session): () => Promise<void> {
  let pushing = Promise.resolve();
  const push = async (): Promise<void> => {
    await session.announce({ withExpunges: true });
    await session.writer.flush();
  };
  session.onChange = () => {
    // A client that idles would wait for ever for what cannot be told.
    pushing = pushing.then(push).catch((error: unknown) => session.hangUp(completionOfError(error).completion.text));
  };
  if (session.selected?.isStale) session.onChange();
  return async () => {
    session.onChange = null;
    await pushing;
  };
}
