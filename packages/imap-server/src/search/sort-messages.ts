// SORT, RFC 5256 §3: messages by what their headers say, in the order of i;unicode-casemap as far as case goes. The store knows
// each message's place by each property, so numbers are all that is compared.

import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { SortCriterion } from '../wire/sort-criteria.js';
import type { SearchSources } from './search-mailbox.js';
import { sentDates } from './sent-dates.js';

const ORDER_BY_KEY = { SUBJECT: 'subject', FROM: 'from', TO: 'to', CC: 'cc', DISPLAYFROM: 'displayFrom', DISPLAYTO: 'displayTo' } as const;

/** `messages` stand as the mailbox has them, and those that are the same by all criteria stay so. */
export async function sortMessages(messages: readonly NumberedEntry[], criteria: readonly SortCriterion[], sources: SearchSources): Promise<NumberedEntry[]> {
  const columns: Float64Array[] = [];
  for (const criterion of criteria) columns.push(await columnOf(criterion, messages, sources));
  const compare = (left: number, right: number): number => {
    for (const column of columns) if (column[left] !== column[right]) return column[left]! - column[right]!;
    return left - right;
  };
  return Array.from(messages.keys()).sort(compare).map((place) => messages[place]!);
}

/** The smaller number comes first. */
async function columnOf({ key, isReverse }: SortCriterion, messages: readonly NumberedEntry[], sources: SearchSources): Promise<Float64Array> {
  const column = await valuesOf(key, messages, sources);
  return isReverse ? column.map((value) => -value) : column;
}

async function valuesOf(key: SortCriterion['key'], messages: readonly NumberedEntry[], { store }: SearchSources): Promise<Float64Array> {
  switch (key) {
    case 'ARRIVAL': return Float64Array.from(messages, ({ entry }) => entry.receivedAtMs);
    case 'SIZE': return Float64Array.from(messages, ({ entry }) => entry.sizeBytes);
    case 'DATE': return sentDates(await store.orderBy('sent', messageKeys(messages)), messages);
    default: return store.orderBy(ORDER_BY_KEY[key], messageKeys(messages));
  }
}

function messageKeys(messages: readonly NumberedEntry[]): Float64Array {
  return Float64Array.from(messages, ({ entry }) => entry.messageKey);
}
