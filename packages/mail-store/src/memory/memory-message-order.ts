// Sorting and threading in memory: the headers are read again each time.

import { compareText } from '../folded-text.js';
import { readMessageOrder, type MessageOrder } from '../order/read-message-order.js';
import type { OrderProperty, ThreadFacts } from '../port/index.js';
import type { MemoryAccount } from './memory-account.js';

const NO_HEADER = readMessageOrder(new Uint8Array());

export function orderBy(account: MemoryAccount, property: OrderProperty, messageKeys: ArrayLike<number>): Float64Array {
  const orders = ordersOf(account, messageKeys);
  if (property === 'sent') return Float64Array.from(orders, ({ sentAtMs }) => sentAtMs ?? NaN);
  const texts = [...new Set(orders.map((order) => order.texts[property]))].sort(compareText);
  return Float64Array.from(orders, (order) => texts.indexOf(order.texts[property]));
}

export function threadFacts(account: MemoryAccount, messageKeys: ArrayLike<number>): ThreadFacts {
  const orders = ordersOf(account, messageKeys);
  const [numberOfSubject, numberOfId] = [numbering(), numbering()];
  const messageIds = orders.map(({ messageId }) => (messageId === null ? 0 : numberOfId(messageId)));
  const references = orders.map((order) => order.references.map(numberOfId));
  return {
    sentAtMs: Float64Array.from(orders, ({ sentAtMs }) => sentAtMs ?? NaN),
    subjects: Uint32Array.from(orders, ({ texts }) => (texts.subject === '' ? 0 : numberOfSubject(texts.subject))),
    isReply: Uint8Array.from(orders, ({ isReply }) => Number(isReply)),
    ids: 1 + Math.max(0, ...messageIds, ...references.flat()),
    messageIds: Uint32Array.from(messageIds),
    references: Uint32Array.from(references.flat()),
    referenceEnds: Uint32Array.from(references.keys(), (index) => references.slice(0, index + 1).flat().length),
  };
}

function ordersOf(account: MemoryAccount, messageKeys: ArrayLike<number>): MessageOrder[] {
  const messages = new Map([...account.emails.values()].map(({ message }) => [message.messageKey, message]));
  return Array.from(messageKeys, (key) => {
    const message = messages.get(key);
    return message ? readMessageOrder(message.headerBlock) : NO_HEADER;
  });
}

/** Gives each text a number of its own, from 1. */
function numbering(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  };
}
