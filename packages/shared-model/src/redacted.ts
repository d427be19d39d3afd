const inspectCustom = Symbol.for('nodejs.util.inspect.custom');

/**
 * A secret that cannot be printed by accident: `toString`, `toJSON` and `util.inspect` give `[redacted]`.
 * `reveal()` is the one way to the value; grep for it to find every place that handles the secret itself.
 */
export class Redacted<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspectCustom](): string {
    return '[redacted]';
  }
}
