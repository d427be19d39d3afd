/** Octets of messages that may be in memory at once. Without it a few hundred slow senders could use up the host. */
export class ByteBudget {
  #usedBytes = 0;

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

  giveBack(sizeBytes: number): void {
    this.#usedBytes -= sizeBytes;
  }
}
