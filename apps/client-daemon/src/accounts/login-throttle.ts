import type { Clock } from '@paloma/shared-model';

/** Wrong passwords for one name within the window, after which even the right one has to wait. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Names remembered at once: a program that tries ever new names must not fill the memory. */
const MAX_NAMES = 1_000;

/** Slows down guessing on the local ports. Passwords are random, so this is about noise, not about secrecy. */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; sinceMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isBlocked(name: string): boolean {
    return (this.#recent(name)?.count ?? 0) >= MAX_FAILURES;
  }

  recordFailure(name: string): void {
    const known = this.#recent(name);
    if (known) known.count += 1;
    else this.#remember(name);
  }

  recordSuccess(name: string): void {
    this.#failures.delete(name);
  }

  #recent(name: string): { count: number; sinceMs: number } | undefined {
    const known = this.#failures.get(name);
    if (known && known.sinceMs + WINDOW_MS > this.#clock.nowMs()) return known;
    this.#failures.delete(name);
    return undefined;
  }

  #remember(name: string): void {
    if (this.#failures.size >= MAX_NAMES) this.#failures.delete(this.#failures.keys().next().value!);
    this.#failures.set(name, { count: 1, sinceMs: this.#clock.nowMs() });
  }
}
