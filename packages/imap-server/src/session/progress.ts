import type { Session } from './session.js';

/** RFC 9585 §3: often enough that the client does not give up, and no more. */
const PROGRESS_INTERVAL_MS = 10_000;

/** Hears how much of a long command is done. */
export type ProgressListener = (done: number, goal: number) => Promise<void>;

/** Tells the client that its command goes on: `OK [INPROGRESS ("a1" 400 1000)]`, RFC 9585. */
export function progressOf(session: Session, tag: string): ProgressListener {
  const { clock } = session.environment;
  let toldAtMs = clock.nowMs();
  return async (done, goal) => {
    if (clock.nowMs() - toldAtMs < PROGRESS_INTERVAL_MS || done >= goal) return;
    toldAtMs = clock.nowMs();
    await session.writer.untagged(`OK [INPROGRESS ("${tag}" ${done} ${goal})] ${done} of ${goal} messages`);
    await session.writer.flush();
  };
}
