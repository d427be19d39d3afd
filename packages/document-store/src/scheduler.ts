/** Delays, injected so that tests run them by hand. */
export interface Scheduler {
  /** Runs `work` once after `delayMs`. Returns the function that calls it off. */
  after(delayMs: number, work: () => void): () => void;
}

/** Timers of the process; none of them keeps it alive. */
export const systemScheduler: Scheduler = {
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
