// State that can be looked at and watched. Listeners hear of changes, not of repetitions.

export class ObservableState<State extends object> {
  readonly #listeners = new Set<(state: State) => void>();
  #state: State;

  constructor(initial: State) {
    this.#state = initial;
  }

  current(): State {
    return this.#state;
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (state: State) => void): () => void {
    const own = (state: State): void => listener(state);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  update(change: Partial<State>): void {
    const next = { ...this.#state, ...change };
    const isSame = (Object.keys(next) as (keyof State)[]).every((name) => next[name] === this.#state[name]);
    if (isSame) return;
    this.#state = next;
    for (const listener of this.#listeners) listener(next);
  }
}
