import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import type { EmailId } from '@paloma/shared-model';
import { file, fileMany, INBOX } from '../contract/example-message.js';
import { openExampleStore } from '../test/example-store.js';
import { OrderColumns } from './order-columns.js';

const directory = temporaryDirectory();
const PAGE_MESSAGES = 4;

test('what is gone is forgotten when it is most of what is known, and what is new is known', async () => {
  const { store, documents, close } = openExampleStore(directory);
  try {
    const columns = new OrderColumns(documents.sql, PAGE_MESSAGES);
    const keys = async (): Promise<number[]> => (await store.openView(INBOX))!.entries.map(({ messageKey }) => messageKey);
    const emailIds: EmailId[] = [];
    for (let hour = 1; hour <= 2 * PAGE_MESSAGES; hour += 1) emailIds.push(await file(store, { date: `Thu, 1 Jan 2026 0${hour}:00:00 +0000` }));
    const known = await keys();
    expect([...await columns.orderBy('sent', known)]).toEqual(known.map((_, index) => Date.UTC(2026, 0, 1, index + 1)));
    await store.destroyEmails(emailIds.slice(0, -1));
    await store.removeMessagesOfDestroyed();
    await fileMany(store, PAGE_MESSAGES + 1);
    expect([...await columns.orderBy('sent', known)]).toEqual(known.map((_, index) => (index < known.length - 1 ? NaN : Date.UTC(2026, 0, 1, index + 1))));
    const ranks = [...await columns.orderBy('subject', await keys())];
    expect(ranks).toEqual(ranks.toSorted((left, right) => left - right));
    expect(new Set(ranks).size).toBe(PAGE_MESSAGES + 2);
  } finally {
    close();
  }
});

test('a message that comes back stands where it stood', async () => {
  const { store, documents, close } = openExampleStore(directory);
  try {
    const columns = new OrderColumns(documents.sql, PAGE_MESSAGES);
    for (const hour of [1, 2, 3]) await file(store, { date: `Thu, 1 Jan 2026 0${hour}:00:00 +0000` });
    const keys = (await store.openView(INBOX))!.entries.map(({ messageKey }) => messageKey);
    const sent = [1, 2, 3].map((hour) => Date.UTC(2026, 0, 1, hour));
    const { content } = documents.list('message')[0]!;
    documents.transact((transaction) => transaction.delete('message', content.messageId));
    expect([...await columns.orderBy('sent', keys)]).toEqual([NaN, ...sent.slice(1)]);
    documents.transact((transaction) => transaction.put('message', content.messageId, content));
    expect((await store.openView(INBOX))!.entries.map(({ messageKey }) => messageKey).toSorted((a, b) => a - b)).toEqual(keys);
    expect([...await columns.orderBy('sent', keys)]).toEqual(sent);
    expect((await store.getMessagesAtHand(keys, { withBody: true })).size).toBe(3);
  } finally {
    close();
  }
});
