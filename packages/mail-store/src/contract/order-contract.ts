import { describe, expect, test } from '@jest/globals';
import type { EmailId } from '@paloma/shared-model';
import type { MailStore, OrderProperty } from '../port/index.js';
import type { WithStore } from './contract-subject.js';
import { ARCHIVE, file, INBOX, type ExampleMessage } from './example-message.js';

const MESSAGES: readonly ExampleMessage[] = [
  { from: '=?utf-8?q?=C3=84nne?= <zoe@example.org>', to: 'b@example.org', subject: 'Re: [list] Beta (fwd)', date: 'Thu, 1 Jan 2026 11:00:00 +0200', messageId: 'a@x' },
  { from: 'Bob@example.org', to: '"Alice" <y@example.org>', subject: 'beta', date: 'Thu, 1 Jan 2026 10:00:00 +0000', messageId: 'b@x', references: 'gone@x a@x' },
  { from: 'ann@example.org', to: 'friends: c@example.org;', cc: 'd@example.org', subject: '=?utf-8?q?alph=C3=A4?=', headerLines: ['In-Reply-To: your letter of <b@x> and <c@x>'] },
  {},
];

async function keysIn(store: MailStore, mailboxId = INBOX): Promise<number[]> {
  return (await store.openView(mailboxId))?.entries.map(({ messageKey }) => messageKey) ?? [];
}

export function runOrderContract(withStore: WithStore): void {
  describe('order', () => {
    test.each<[OrderProperty, number[]]>([
      ['subject', [4, 3, 1, 2]], ['from', [4, 3, 2, 1]], ['to', [4, 1, 3, 2]], ['cc', [1, 2, 4, 3]], ['displayFrom', [4, 3, 1, 2]], ['displayTo', [4, 2, 1, 3]],
    ])('by %s the messages stand as %j', (property, expected) => withStore(async (store) => {
      for (const message of MESSAGES) await file(store, message);
      const order = await store.orderBy(property, await keysIn(store));
      const places = [...order.keys()].sort((left, right) => order[left]! - order[right]! || left - right);
      expect(places.map((place) => place + 1)).toEqual(expected);
    })());

    test('the Date field is told in milliseconds, and what has none is told as such', withStore(async (store) => {
      for (const message of MESSAGES) await file(store, message);
      expect([...await store.orderBy('sent', await keysIn(store))]).toEqual([Date.UTC(2026, 0, 1, 9), Date.UTC(2026, 0, 1, 10), NaN, NaN]);
    }));

    test('threads are made of subjects, ids and references, each equal where the texts are', withStore(async (store) => {
      for (const message of MESSAGES) await file(store, message);
      const { subjects, isReply, messageIds, references, referenceEnds } = await store.threadFacts(await keysIn(store));
      const [a, b] = messageIds;
      expect([new Set(subjects).size, subjects[0], subjects[3]]).toEqual([3, subjects[1], 0]);
      expect([...isReply]).toEqual([1, 0, 0, 0]);
      expect([new Set(messageIds).size, messageIds[2], messageIds[3]]).toEqual([3, 0, 0]);
      expect([...references]).toEqual([expect.any(Number), a, b]);
      expect([...referenceEnds]).toEqual([0, 2, 3, 3]);
    }));

    test('keys may be asked for in any order and twice; one that is not known is as without header', withStore(async (store) => {
      for (const message of MESSAGES) await file(store, message);
      const [first, second, , last] = await keysIn(store);
      const [ofSecond, ofLast, ofNobody, again] = await store.orderBy('subject', [second!, last!, last! + 100, second!]);
      expect([ofSecond! > ofLast!, ofNobody, again]).toEqual([true, ofLast, ofSecond]);
      expect(await store.threadFacts([last! + 100, first!])).toMatchObject({ sentAtMs: new Float64Array([NaN, Date.UTC(2026, 0, 1, 9)]), referenceEnds: new Uint32Array([0, 0]) });
    }));

    test('what is filed and destroyed later is in the order', withStore(async (store) => {
      const subjects = ['b', 'd', 'c', 'a', 'e'];
      const emailIds: EmailId[] = [];
      for (const subject of subjects.slice(0, 3)) emailIds.push(await file(store, { subject }));
      await store.orderBy('subject', await keysIn(store));
      await store.destroyEmails([emailIds[1]!]);
      for (const subject of subjects.slice(3)) await file(store, { subject });
      const order = await store.orderBy('subject', await keysIn(store));
      expect([...order.keys()].sort((left, right) => order[left]! - order[right]!)).toEqual([2, 0, 1, 3]);
    }));

    test('copies have the key of their message', withStore(async (store) => {
      const emailId = await file(store, { subject: 'x' });
      await store.copyEmails([emailId], ARCHIVE);
      expect(await keysIn(store, ARCHIVE)).toEqual(await keysIn(store));
    }));
  });
}
