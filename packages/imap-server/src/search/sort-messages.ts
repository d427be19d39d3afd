// SORT, RFC 5256 §3: messages by what their headers say, in the order of i;unicode-casemap as far as case goes. The store knows
// each message's place by each property, so numbers are all that is compared.

import { setImmediate } from 'node:timers/promises';
import type { MailStore } from '@paloma/mail-store/port';
import type { SortCriterion } from '../wire/sort-criteria.js';
import { messageKeys, numbersOf, type FoundMessages } from './found-messages.js';
import { placesInOrder } from './places-in-order.js';
import { sentDates } from './sent-dates.js';

const ORDER_BY_KEY = { SUBJECT: 'subject', FROM: 'from', TO: 'to', CC: 'cc', DISPLAYFROM: 'displayFrom', DISPLAYTO: 'displayTo' } as const;

/** `messages` stand as the mailbox has them, and those that are the same by all criteria stay so. */
export async function sortMessages(messages: FoundMessages, criteria: readonly SortCriterion[], store: MailStore): Promise<FoundMessages> {
  const columns: Float64Array[] = [];
  for (const criterion of criteria) {
    columns.push(await columnOf(criterion, messages, store));
    await setImmediate(); // other sessions have their turn
  }
  const { entries, sequenceNumbers } = messages;
  return { entries, sequenceNumbers: placesInOrder(columns, sequenceNumbers.length).map((place) => sequenceNumbers[place]!) };
}

/** The smaller number comes first. */
async function columnOf({ key, isReverse }: SortCriterion, messages: FoundMessages, store: MailStore): Promise<Float64Array> {
  const column = await valuesOf(key, messages, store);
  return isReverse ? column.map((value) => -value) : column;
}

async function valuesOf(key: SortCriterion['key'], messages: FoundMessages, store: MailStore): Promise<Float64Array> {
  switch (key) {
    case 'ARRIVAL': return numbersOf(messages, ({ receivedAtMs }) => receivedAtMs);
    case 'SIZE': return numbersOf(messages, ({ sizeBytes }) => sizeBytes);
    case 'DATE': return sentDates(await store.orderBy('sent', messageKeys(messages)), messages);
    default: return store.orderBy(ORDER_BY_KEY[key], messageKeys(messages));
  }
}
