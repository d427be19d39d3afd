// Work that is done in rounds: whoever asks while one is running gets another one after it, so nothing that was there when he
// asked is overlooked, and two never run at once.

export class Rounds {
  readonly #work: () => Promise<void>;
  #isAsked = false;
  #isRunning = false;
  #isStopped = false;
  #over: Promise<void> = Promise.resolve();

  /** `work` is one round; it must not throw. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Resolves when a round that began after the call is over, at once when stopped. */
  ask(): Promise<void> {
    this.#isAsked = !this.#isStopped;
    if (this.#isAsked && !this.#isRunning) this.#over = this.#run();
    return this.#over;
  }

  /** Begins no more rounds; resolves when the one that runs is over. */
  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#over;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isAsked && !this.#isStopped) {
      this.#isAsked = false;
      await this.#work();
    }
    this.#isRunning = false;
  }
}
