/** Octets of messages that may be in memory at once. Without it a few hundred slow senders could use up the host. */
export class ByteBudget {
  #usedBytes = 0;
  readonly #waiting: { sizeBytes: number; proceed: () => void }[] = [];

  constructor(private readonly limitBytes: number) {}

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** False when they do not fit; then nothing is taken. */
  tryTake(sizeBytes: number): boolean {
    if (this.#usedBytes + sizeBytes > this.limitBytes) return false;
    this.#usedBytes += sizeBytes;
    return true;
  }

  /** Waits until they fit, one after another; false when that takes too long. Whoever holds some must not wait for more: two could wait for each other. */
  async take(sizeBytes: number, timeoutMs: number): Promise<boolean> {
    if (this.#waiting.length === 0 && this.tryTake(sizeBytes)) return true;
    return new Promise((resolve) => {
      const waiter = { sizeBytes, proceed: () => settle(true) };
      const timer = setTimeout(() => settle(false), timeoutMs);
      const settle = (isTaken: boolean): void => {
        clearTimeout(timer);
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve(isTaken);
        if (!isTaken) this.#admit();
      };
      this.#waiting.push(waiter);
    });
  }

  giveBack(sizeBytes: number): void {
    this.#usedBytes -= sizeBytes;
    this.#admit();
  }

  #admit(): void {
    for (let [first] = this.#waiting; first !== undefined && this.tryTake(first.sizeBytes); [first] = this.#waiting) first.proceed();
  }
}
