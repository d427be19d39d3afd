import { NOBODY, type Threads } from '../thread/thread.js';
import { NumberText } from './number-text.js';

/** In the list of what is still to be written. */
const CLOSING = -2;

// thread-list = "(" (thread-members / thread-nested) ")"     RFC 5256 §5
/** `(2)(3 6 (4 23)(44 7 96))`. What is still to be written waits in a list: a chain may be longer than a stack is deep. */
export function formatThreads({ numbers, roots, firstChild, nextSibling }: Threads): Uint8Array {
  const text = new NumberText();
  const waiting = roots.toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === CLOSING) {
      text.character(')');
      continue;
    }
    text.character('(');
    waiting.push(CLOSING);
    let last = next;
    for (;; last = firstChild[last]!) {
      const child = firstChild[last]!;
      if (last < numbers.length) text.number(numbers[last]!);
      if (last < numbers.length && child !== NOBODY) text.character(' ');
      if (child === NOBODY || nextSibling[child] !== NOBODY) break;
    }
    for (const child of childrenOf(last, firstChild, nextSibling).reverse()) waiting.push(child);
  }
  return text.octets;
}

function childrenOf(place: number, firstChild: Int32Array, nextSibling: Int32Array): number[] {
  const children: number[] = [];
  for (let child = firstChild[place]!; child !== NOBODY; child = nextSibling[child]!) children.push(child);
  return children;
}
