import type { NumberedEntry } from '../session/selected-mailbox.js';

/** RFC 5256 §2.2: INTERNALDATE where there is no usable Date field, which is NaN. */
export function sentDates(dateFieldsMs: Float64Array, messages: readonly NumberedEntry[]): Float64Array {
  return dateFieldsMs.map((sentAtMs, index) => (Number.isNaN(sentAtMs) ? messages[index]!.entry.receivedAtMs : sentAtMs));
}
