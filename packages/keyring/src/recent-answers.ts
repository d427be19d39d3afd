// What a directory lately said, so that a hundred mails from one sender are one question. Short-lived, since a key that appears
// should be found soon, and in memory only.

import type { Clock } from '@paloma/shared-model';

const LIFETIME_MS = 60_000;
/** Oldest answers go first; without a bound a mailing list's senders would pile up. */
const MAX_ANSWERS = 1000;

export class RecentAnswers<Answer> {
  readonly #clock: Clock;
  readonly #answers = new Map<string, { answer: Answer; atMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(question: string): Answer | null {
    const recent = this.#answers.get(question);
    return recent && this.#clock.nowMs() - recent.atMs < LIFETIME_MS ? recent.answer : null;
  }

  set(question: string, answer: Answer): void {
    this.#answers.delete(question);
    this.#answers.set(question, { answer, atMs: this.#clock.nowMs() });
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined && this.#answers.size > MAX_ANSWERS) this.#answers.delete(oldest);
  }
}
