import { completionOfError } from '../error-table.js';
import type { Session } from './session.js';

/** Tells changes as they come, one after another. The function it gives ends that and waits for what is being told. */
export function pushChanges(session: Session, { withExpunges }: { withExpunges: boolean }): () => Promise<void> {
  let pushing = Promise.resolve();
  const push = async (): Promise<void> => {
    await session.announce({ withExpunges });
    await session.writer.flush();
  };
  session.onChange = () => {
    // A client that only listens would wait for ever for what cannot be told.
    pushing = pushing.then(push).catch((error: unknown) => session.hangUp(completionOfError(error).completion.text));
  };
  if (session.hasNews) session.onChange();
  return async () => {
    session.onChange = null;
    await pushing;
  };
}
