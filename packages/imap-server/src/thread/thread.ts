// Threads as RFC 5256 knows them: trees of messages. They may be as deep as a mailbox is long, so nothing here recurses; and a
// mailbox may be long, so a tree is no object but a column of places.

import type { ThreadFacts } from '@paloma/mail-store/port';
import { placesInOrder } from '../search/places-in-order.js';

/** What threading looks at. A message is known by its place among them; they stand as the mailbox has them. */
export interface ThreadMessages extends ThreadFacts {
  /** Sequence number or UID of each, as the answer is to name it. */
  numbers: ArrayLike<number>;
  /** RFC 5256 §2.2, never NaN. */
  sentAtMs: Float64Array;
}

/** Places from the number of messages on are dummies: what is not in the mailbox and holds together those that answer it. */
export interface Threads {
  numbers: ArrayLike<number>;
  /** A dummy stands at the top and holds more than one. */
  roots: readonly number[];
  /** -1: none. */
  firstChild: Int32Array;
  nextSibling: Int32Array;
}

export const NOBODY = -1;

/** Places, earlier first; of the same moment, as the mailbox has them. */
export function bySentDate({ sentAtMs }: Pick<ThreadMessages, 'sentAtMs'>): Uint32Array {
  return placesInOrder([sentAtMs], sentAtMs.length);
}

/**
 * Hangs every message below what is above it. Siblings and roots stand by date, a dummy by the first of its messages. `above`:
 * of messages and dummies; a dummy that has one gives all its messages to it.
 */
export function hangThreads({ numbers }: ThreadMessages, dates: Uint32Array, above: Int32Array): Threads {
  const roots: number[] = [];
  const [firstChild, lastChild, nextSibling] = [0, 0, 0].map(() => new Int32Array(above.length).fill(NOBODY)) as [Int32Array, Int32Array, Int32Array];
  for (const place of dates) {
    const parent = parentOf(place, above, numbers.length);
    if (parent === NOBODY) {
      roots.push(place);
      continue;
    }
    if (firstChild[parent] !== NOBODY) nextSibling[lastChild[parent]!] = place;
    else {
      firstChild[parent] = place;
      if (parent >= numbers.length) roots.push(parent);
    }
    lastChild[parent] = place;
  }
  return { numbers, roots, firstChild, nextSibling };
}

function parentOf(place: number, above: Int32Array, messages: number): number {
  const parent = above[place]!;
  return parent >= messages && above[parent] !== NOBODY ? above[parent]! : parent;
}
