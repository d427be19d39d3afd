import type { FoundMessages } from './found-messages.js';

/** RFC 5256 §2.2: INTERNALDATE where there is no usable Date field, which is NaN. */
export function sentDates(dateFieldsMs: Float64Array, { entries, sequenceNumbers }: FoundMessages): Float64Array {
  return dateFieldsMs.map((sentAtMs, index) => (Number.isNaN(sentAtMs) ? entries[sequenceNumbers[index]! - 1]!.receivedAtMs : sentAtMs));
}
