/** Counts what is under way per user. */
export class ConcurrencyGate {
  readonly #underWay = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /** Returns the function that gives the place back, to be called once; `null` when all places are taken. */
  enter(username: string): (() => void) | null {
    const count = this.#underWay.get(username) ?? 0;
    if (count >= this.limit) return null;
    this.#underWay.set(username, count + 1);
    return () => this.#leave(username);
  }

  #leave(username: string): void {
    const count = (this.#underWay.get(username) ?? 1) - 1;
    if (count === 0) this.#underWay.delete(username);
    else this.#underWay.set(username, count);
  }
}
