import { describe, expect, test } from '@jest/globals';
import type { MailStore, QueryWindow } from '../port/index.js';
import type { ContractSubject, OpenSubject } from './contract-subject.js';
import { ARCHIVE, createMailbox, file, fileMany, INBOX } from './example-message.js';

const WHOLE: QueryWindow = { position: 0, limit: null, collapseThreads: false, calculateTotal: true };

/** Everything that can be seen of a store. */
async function look(store: MailStore): Promise<unknown> {
  const mailboxes = await store.listMailboxes();
  const { emailIds } = await store.query(null, [], WHOLE);
  const emails = await store.getEmails(emailIds);
  return {
    mailboxes, emails,
    views: await Promise.all(mailboxes.map(({ mailboxId }) => store.openView(mailboxId))),
    octets: await Promise.all(emailIds.map(async (emailId) => Buffer.from((await store.loadMessageBytes(emailId))!).toString('latin1'))),
    states: await Promise.all((['Mailbox', 'Email', 'Thread'] as const).map((name) => store.state(name))),
    threads: await store.getThreads(emails.map(({ threadId }) => threadId)),
    found: await store.query({ text: 'message 2' }, [], WHOLE),
  };
}

async function reopened(subject: ContractSubject): Promise<ContractSubject | null> {
  return subject.reopen ? subject.reopen() : null;
}

/** What a store keeps when it is closed and opened again; a store that keeps nothing has nothing to show here. */
export function runPersistenceContract(open: OpenSubject): void {
  describe('reopening', () => {
    test('keeps all there is to see, UIDs, UIDVALIDITY and states included', async () => {
      const subject = await open();
      const [first, second] = await fileMany(subject.store, 3);
      await file(subject.store, { body: 'y'.repeat(100_000) }, { mailboxIds: [ARCHIVE, await createMailbox(subject.store, 'A/B')] });
      await subject.store.destroyEmails([first!]);
      await subject.store.updateEmails([{ emailId: second!, addKeywords: ['x'] }]);
      const before = await look(subject.store);
      const again = await reopened(subject);
      if (again) expect(await look(again.store)).toEqual(before);
      await (again ?? subject).close();
    });

    test('changes can be told over it', async () => {
      const subject = await open();
      const [first, second] = await fileMany(subject.store, 2);
      const [state, { highestModSeq }] = [await subject.store.state('Email'), (await subject.store.openView(INBOX))!];
      await subject.store.destroyEmails([first!]);
      const again = await reopened(subject);
      const { store } = again ?? subject;
      await store.updateEmails([{ emailId: second!, addKeywords: ['x'] }]);
      expect(await store.changesSince('Email', state, 10)).toMatchObject({ updated: [second], destroyed: [first] });
      expect(await store.viewChangesSince(INBOX, highestModSeq)).toMatchObject({ vanished: [1], changed: [{ uid: 2 }] });
      await (again ?? subject).close();
    });
  });
}
