import type { ViewEntry } from '@paloma/mail-store/port';

/** Messages of a mailbox, so many that none is an object of its own. */
export interface FoundMessages {
  /** All of the mailbox. */
  entries: readonly ViewEntry[];
  /** In the order in which they are told. */
  sequenceNumbers: Uint32Array;
}

/** A number of each. */
export function numbersOf({ entries, sequenceNumbers }: FoundMessages, numberOf: (entry: ViewEntry) => number): Float64Array {
  const numbers = new Float64Array(sequenceNumbers.length);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = numberOf(entries[sequenceNumbers[index]! - 1]!);
  return numbers;
}

export function messageKeys(messages: FoundMessages): Float64Array {
  return numbersOf(messages, ({ messageKey }) => messageKey);
}

/** As a client names them. */
export function numbersTold(messages: FoundMessages, isUid: boolean): ArrayLike<number> {
  return isUid ? numbersOf(messages, ({ uid }) => uid) : messages.sequenceNumbers;
}
