import { DELIMITER } from './mailbox-name.js';

/**
 * Whether a name matches a LIST pattern: `*` stands for anything, `%` for anything within a level (RFC 3501 §6.3.8).
 * Linear in pattern × name, whatever the pattern: a regular expression made of it could be made to backtrack for ever.
 */
export function matchesListPattern(name: string, pattern: string): boolean {
  let reachable = new Set([0]);
  for (const character of pattern) {
    reachable = step(name, character, reachable);
    if (reachable.size === 0) return false;
  }
  return reachable.has(name.length);
}

/** Positions in the name that can be reached by one pattern character more. */
function step(name: string, character: string, from: ReadonlySet<number>): Set<number> {
  if (character !== '*' && character !== '%') {
    const next = [...from].filter((position) => name.startsWith(character, position));
    return new Set(next.map((position) => position + character.length));
  }
  const reached = new Set<number>();
  for (const start of from) {
    for (let position = start; position <= name.length && !reached.has(position); position++) {
      reached.add(position);
      if (character === '%' && name[position] === DELIMITER) break;
    }
  }
  return reached;
}
