import type { Thread } from '../thread/thread.js';

// thread-list = "(" (thread-members / thread-nested) ")"     RFC 5256 §5
/** `(2)(3 6 (4 23)(44 7 96))`. What is still to be written waits in a list: a chain may be longer than a stack is deep. */
export function formatThreads(threads: readonly Thread[]): string {
  const written: string[] = [];
  const waiting: (Thread | string)[] = [];
  const putAside = (siblings: readonly Thread[]): void => {
    for (const sibling of siblings.toReversed()) waiting.push(')', sibling, '(');
  };
  putAside(threads);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') written.push(next);
    else {
      const { number, children } = next;
      if (number !== null) written.push(children.length > 0 ? `${number} ` : `${number}`);
      if (children.length === 1) waiting.push(children[0]!);
      else putAside(children);
    }
  }
  return written.join('');
}
