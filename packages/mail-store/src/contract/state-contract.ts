import { describe, expect, test } from '@jest/globals';
import type { MailChange, MailStore, StateName } from '../port/index.js';
import type { WithStore } from './contract-subject.js';
import { ARCHIVE, createMailbox, file, fileMany, INBOX } from './example-message.js';

const STATE_NAMES: readonly StateName[] = ['Mailbox', 'Email', 'Thread'];
const statesOf = async (store: MailStore): Promise<string[]> => Promise.all(STATE_NAMES.map((name) => store.state(name)));

/** Names of the states that `act` changes. */
async function changedBy(store: MailStore, act: () => Promise<unknown>): Promise<StateName[]> {
  const before = await statesOf(store);
  await act();
  const after = await statesOf(store);
  return STATE_NAMES.filter((_, index) => before[index] !== after[index]);
}

export function runStateContract(withStore: WithStore): void {
  describe('states and changes', () => {
    test('each state changes with its kind alone', withStore(async (store) => {
      const emailId = await file(store);
      expect(await changedBy(store, () => createMailbox(store, 'Garden'))).toEqual(['Mailbox']);
      expect(await changedBy(store, () => file(store))).toEqual(['Mailbox', 'Email', 'Thread']);
      expect(await changedBy(store, () => store.updateEmails([{ emailId, addKeywords: ['$seen'] }]))).toEqual(['Mailbox', 'Email']);
      expect(await changedBy(store, () => store.updateEmails([{ emailId, addKeywords: ['$seen'] }]))).toEqual([]);
      expect(await changedBy(store, () => store.updateEmails([{ emailId, addKeywords: ['$flagged'], setDeleted: { mailboxId: INBOX, isDeleted: true } }]))).toEqual(['Email']);
      expect(await changedBy(store, () => store.updateEmails([{ emailId, removeKeywords: ['$seen'] }]))).toEqual(['Mailbox', 'Email']);
      expect(await changedBy(store, () => store.openView(INBOX))).toEqual([]);
    }));

    test('created, updated and destroyed are told apart', withStore(async (store) => {
      const [updated, destroyed] = await fileMany(store, 2);
      const since = await store.state('Email');
      await store.updateEmails([{ emailId: updated!, addKeywords: ['x'] }]);
      await store.destroyEmails([destroyed!]);
      const created = await file(store);
      await store.updateEmails([{ emailId: created, addKeywords: ['x'] }]);
      await store.destroyEmails([await file(store)]);
      expect(await store.changesSince('Email', since, 100)).toEqual({
        newState: await store.state('Email'), hasMoreChanges: false, created: [created], updated: [updated], destroyed: [destroyed],
      });
    }));

    test('a long list comes in pages that add up', withStore(async (store) => {
      const since = await store.state('Email');
      const emailIds = await fileMany(store, 5);
      await store.updateEmails(emailIds.map((emailId) => ({ emailId, addKeywords: ['x'] })));
      const seen: string[] = [];
      let page = (await store.changesSince('Email', since, 2))!;
      seen.push(...page.created);
      while (page.hasMoreChanges) {
        page = (await store.changesSince('Email', page.newState, 2))!;
        seen.push(...page.created, ...page.updated);
      }
      expect(seen.sort()).toEqual([...emailIds].sort());
      expect(page.newState).toBe(await store.state('Email'));
    }));

    test('a mailbox changes with its totals and its name', withStore(async (store) => {
      const mailboxId = await createMailbox(store, 'Garden');
      const since = await store.state('Mailbox');
      await file(store, {}, { mailboxIds: [ARCHIVE] });
      await store.updateMailbox(mailboxId, { name: 'Park' });
      expect([...(await store.changesSince('Mailbox', since, 10))!.updated].sort()).toEqual([ARCHIVE, mailboxId].sort());
      await store.destroyMailbox(mailboxId, { removeEmails: false });
      expect((await store.changesSince('Mailbox', since, 10))?.destroyed).toEqual([mailboxId]);
    }));

    test.each(['', 'x', '99999999', '1.someone-else', '-1'])('changes since the unknown state "%s" cannot be told', (state) => withStore(async (store) => {
      expect(await store.changesSince('Email', state, 10)).toBeNull();
    })());

    test('subscribers hear after each commit of the mailboxes and kinds that changed', withStore(async (store) => {
      const emailId = await file(store, {}, { mailboxIds: [INBOX, ARCHIVE] });
      const heard: MailChange[] = [];
      const stateWhenHeard: Promise<string>[] = [];
      const end = store.subscribe((change) => {
        heard.push(change);
        stateWhenHeard.push(store.state('Email'));
      });
      await store.updateEmails([{ emailId, addKeywords: ['x'] }, { emailId, addKeywords: ['y'] }]);
      expect(heard).toEqual([{ mailboxIds: new Set([INBOX, ARCHIVE]), states: new Set(['Email']) }]);
      expect(await stateWhenHeard[0]).toBe(await store.state('Email'));
      await store.updateEmails([{ emailId, addKeywords: ['x'] }]);
      expect(heard).toHaveLength(1);
      await store.updateEmails([{ emailId, removeMailboxIds: [ARCHIVE] }]);
      expect(heard[1]?.mailboxIds).toEqual(new Set([INBOX, ARCHIVE]));
      end();
      await file(store);
      expect(heard).toHaveLength(2);
    }));
  });
}
