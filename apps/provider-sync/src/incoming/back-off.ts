const FIRST_MS = 30_000;
const LONGEST_MS = 6 * 60 * 60_000;

/** How long a failed item rests: 30 s, doubling with each attempt, at most 6 hours. It is offered for ever: mail is never dropped. */
export function backOffMs(attempts: number): number {
  return Math.min(FIRST_MS * 2 ** Math.max(attempts - 1, 0), LONGEST_MS);
}
