import { expect, test } from '@jest/globals';
import { EmailList } from './email-list.js';
import { ObjectCache } from './object-cache.js';
import type { JmapTransport } from './transport.js';
import type { Email, EmailId, MailboxId, Thread } from './types.js';

/** A mailbox of `ids`, newest first, each a conversation of its own. */
function listOver(ids: string[]): { list: EmailList; cache: ObjectCache; asked: number[]; ready(): Promise<void> } {
  const cache = new ObjectCache();
  const asked: number[] = [];
  let window: string[] = [];
  const email = (id: string) => ({ id, threadId: `t-${id}`, mailboxIds: { inbox: true }, keywords: {} }) as unknown as Email;
  const transport: JmapTransport = {
    call<Result>(name: string, args: Record<string, unknown>) {
      const position = Number(args['position'] ?? 0);
      if (name === 'Email/query') { asked.push(position); window = ids.slice(position, position + Number(args['limit'])); }
      const answer = name === 'Email/query' ? { ids: window, position, total: ids.length, queryState: ids.join() }
        : { state: 's', notFound: [], list: name === 'Thread/get' ? window.map((id) => ({ id: `t-${id}`, emailIds: [id] }) as unknown as Thread) : window.map(email) };
      return { result: Promise.resolve(answer as Result), reference: (path) => ({ resultOf: '', name, path }) };
    },
  };
  const list = new EmailList({ transport, cache, filter: { inMailbox: 'inbox' as MailboxId }, mailboxId: 'inbox' as MailboxId });
  const ready = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 0); });
  return { list, cache, asked, ready };
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_none, place) => `e${place}`);

test('only the windows in sight are fetched; the other places are known to exist', async () => {
  const { list, asked, ready } = listOver(numbered(1000));
  list.ensureRange(0, 10);
  list.ensureRange(0, 12);
  await ready();
  list.ensureRange(490, 510);
  await ready();
  expect(asked).toEqual([0, 450, 500]);
  const { places } = list.getSnapshot();
  expect(places).toHaveLength(1000);
  expect([places[0], places[49], places[50], places[450], places[549], places[999]]).toEqual(['e0', 'e49', null, 'e450', 'e549', null]);
});

test('a conversation that the user moves away leaves the list before the server answers, and comes back when it refuses', async () => {
  const { list, cache, ready } = listOver(numbered(3));
  list.ensureRange(0, 2);
  await ready();
  const settle = cache.addPending(new Map([['e1' as EmailId, { mailboxIds: { inbox: false, archive: true } }]]));
  expect(list.getSnapshot().places).toEqual(['e0', 'e2']);
  settle(new Set());
  expect(list.getSnapshot().places).toEqual(['e0', 'e1', 'e2']);
});

test('a refresh forgets places out of sight when the list changed', async () => {
  const ids = numbered(200);
  const { list, ready } = listOver(ids);
  list.ensureRange(0, 10);
  await ready();
  list.ensureRange(100, 110);
  await ready();
  ids.unshift('newest');
  list.refresh();
  await ready();
  const { places } = list.getSnapshot();
  expect([places.length, places[0], places[100], places[101]]).toEqual([201, null, 'e99', 'e100']);
});

test('the snapshot is the same object while nothing changes', async () => {
  const { list, cache, ready } = listOver(numbered(5));
  list.ensureRange(0, 4);
  await ready();
  const snapshot = list.getSnapshot();
  cache.put('Mailbox', []);
  expect(list.getSnapshot()).toBe(snapshot);
});
