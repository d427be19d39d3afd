import { describe, expect, test } from '@jest/globals';
import type { EmailId, ThreadId } from '@paloma/shared-model';
import type { MailStore } from '../port/index.js';
import type { WithStore } from './contract-subject.js';
import { ARCHIVE, file } from './example-message.js';

const threadIdOf = async (store: MailStore, emailId: EmailId): Promise<ThreadId> => (await store.getEmails([emailId]))[0]!.threadId;

export function runThreadContract(withStore: WithStore): void {
  describe('threads', () => {
    test('a reply joins the thread of what it answers, oldest first', withStore(async (store) => {
      const reply = await file(store, { messageId: 'b', references: 'a', subject: 'RE: Roses' }, { receivedAtMs: 2000 });
      const first = await file(store, { messageId: 'a', subject: 'Roses' }, { receivedAtMs: 1000, mailboxIds: [ARCHIVE] });
      const threadId = await threadIdOf(store, reply);
      expect(await store.getThreads([threadId, 'unknown' as ThreadId])).toEqual([{ threadId, emailIds: [first, reply] }]);
    }));

    test.each([
      ['another subject', { messageId: 'b', references: 'a', subject: 'Tulips' }],
      ['no message id in common', { messageId: 'b', references: 'c', subject: 'Roses' }],
      ['no message id at all', { subject: 'Roses' }],
    ])('%s is another thread', (_name, message) => withStore(async (store) => {
      const first = await file(store, { messageId: 'a', subject: 'Roses' });
      expect(await threadIdOf(store, await file(store, message))).not.toBe(await threadIdOf(store, first));
    })());

    test('two answers to a message that is not here are one thread', withStore(async (store) => {
      const [one, two] = [await file(store, { messageId: 'b', references: 'a', subject: 'Re: Roses' }), await file(store, { messageId: 'c', references: 'a', subject: 'Roses' })];
      expect(await threadIdOf(store, one)).toBe(await threadIdOf(store, two));
    }));

    test('a missing parent that arrives joins two threads; the older one stays', withStore(async (store) => {
      const older = await file(store, { messageId: 'a', subject: 'Roses' }, { receivedAtMs: 1000 });
      const newer = await file(store, { messageId: 'c', references: 'b', subject: 'Re: Roses' }, { receivedAtMs: 3000 });
      const [kept, gone] = [await threadIdOf(store, older), await threadIdOf(store, newer)];
      const [emailState, threadState] = [await store.state('Email'), await store.state('Thread')];
      const parent = await file(store, { messageId: 'b', references: 'a', subject: 'Re: Roses' }, { receivedAtMs: 2000 });
      expect(await store.getThreads([kept, gone])).toEqual([{ threadId: kept, emailIds: [older, parent, newer] }]);
      expect(await store.changesSince('Thread', threadState, 10)).toMatchObject({ created: [], updated: [kept], destroyed: [gone] });
      expect(await store.changesSince('Email', emailState, 10)).toMatchObject({ created: [parent], updated: [newer], destroyed: [] });
    }));

    test('a thread lives as long as one of its emails', withStore(async (store) => {
      const [one, two] = [await file(store, { messageId: 'a', subject: 'Roses' }), await file(store, { messageId: 'b', references: 'a', subject: 'Roses' })];
      const threadId = await threadIdOf(store, one);
      const since = await store.state('Thread');
      await store.destroyEmails([one]);
      expect((await store.changesSince('Thread', since, 10))?.updated).toEqual([threadId]);
      await store.destroyEmails([two]);
      expect((await store.changesSince('Thread', since, 10))?.destroyed).toEqual([threadId]);
      expect(await store.getThreads([threadId])).toEqual([]);
    }));
  });
}
