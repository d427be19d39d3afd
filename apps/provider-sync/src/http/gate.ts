interface Lane {
  running: number;
  waiting: (() => void)[];
}

/**
 * Lets each key run so many tasks at once; the others wait in order. Bounds what the batches of one account cost in memory,
 * and keeps an account that is slow to send or read from holding up another.
 */
export class Gate {
  readonly #lanes = new Map<string, Lane>();

  constructor(private readonly places: number) {}

  async run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const lane = this.#lanes.get(key) ?? { running: 0, waiting: [] };
    this.#lanes.set(key, lane);
    if (lane.running < this.places) lane.running += 1;
    else await new Promise<void>((resolve) => lane.waiting.push(resolve));
    try {
      return await task();
    } finally {
      this.#leave(key, lane);
    }
  }

  /** Hands the place on, or frees it. */
  #leave(key: string, lane: Lane): void {
    const next = lane.waiting.shift();
    if (next) return next();
    lane.running -= 1;
    if (lane.running === 0) this.#lanes.delete(key);
  }
}
