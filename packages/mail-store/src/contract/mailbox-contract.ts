import { describe, expect, test } from '@jest/globals';
import type { Mailbox, MailStore } from '../port/index.js';
import type { MailboxId } from '@paloma/shared-model';
import type { WithStore } from './contract-subject.js';
import { ARCHIVE, createMailbox, file, INBOX, SENT, TRASH, uidsIn } from './example-message.js';

const IMPORTANT = 'important' as MailboxId;

const namesOf = async (store: MailStore): Promise<string[]> => (await store.listMailboxes()).map(({ name }) => name);
const ownNames = async (store: MailStore): Promise<string[]> => (await store.listMailboxes()).filter(({ role }) => role === null).map(({ name }) => name);
const mailboxOf = async (store: MailStore, mailboxId: MailboxId): Promise<Mailbox> => (await store.listMailboxes()).find((mailbox) => mailbox.mailboxId === mailboxId)!;

export function runMailboxContract(withStore: WithStore): void {
  describe('mailboxes', () => {
    test('a new account has the role mailboxes, subscribed', withStore(async (store) => {
      expect(await namesOf(store)).toEqual(['INBOX', 'Drafts', 'Sent', 'Archive', 'Junk', 'Trash']);
      const mailboxes = await store.listMailboxes();
      expect(mailboxes.map(({ role }) => role)).toEqual(['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash']);
      expect(mailboxes.every(({ mailboxId, role, isSubscribed }) => mailboxId === role && isSubscribed)).toBe(true);
      expect(mailboxes.every(({ uidValidity }) => Number.isInteger(uidValidity) && uidValidity > 0 && uidValidity < 2 ** 32)).toBe(true);
    }));

    test('creating a mailbox makes the parents that are missing', withStore(async (store) => {
      const mailboxId = await createMailbox(store, 'Garden/Roses/2026');
      const [garden, roses, year] = (await store.listMailboxes()).filter(({ role }) => role === null);
      expect([garden?.name, roses?.name, year?.name]).toEqual(['Garden', 'Garden/Roses', 'Garden/Roses/2026']);
      expect([garden?.parentId, roses?.parentId, year?.parentId, year?.mailboxId]).toEqual([null, garden?.mailboxId, roses?.mailboxId, mailboxId]);
    }));

    test.each([
      ['a name that is there', 'Sent', 'alreadyExists'],
      ['the inbox in any case', 'inBox', 'alreadyExists'],
      ['no name', '', 'invalidName'],
      ['an empty level', 'a//b', 'invalidName'],
      ['a separator at the end', 'a/', 'invalidName'],
      ['a control character', 'a\u0007', 'invalidName'],
      ['too long a name', 'x'.repeat(1001), 'invalidName'],
      ['too many levels', 'x/'.repeat(40) + 'x', 'invalidName'],
    ] as const)('creating %s is refused', (_name, name, refusal) => withStore(async (store) => {
      expect(await store.createMailbox({ name })).toEqual({ ok: false, refusal });
      expect(await ownNames(store)).toEqual([]);
    })());

    test('a role that is taken is refused', withStore(async (store) => {
      expect(await store.createMailbox({ name: 'Other', role: 'junk' })).toEqual({ ok: false, refusal: 'roleIsTaken' });
    }));

    test('a mailbox for what is important is made, used and destroyed like any other', withStore(async (store) => {
      const made = await store.createMailbox({ name: 'Urgent', role: 'important' });
      expect(made).toEqual({ ok: true, mailboxId: 'important' });
      expect(await store.createMailbox({ name: 'More urgent', role: 'important' })).toEqual({ ok: false, refusal: 'roleIsTaken' });
      const emailId = await file(store, {}, { mailboxIds: [IMPORTANT] });
      expect(await mailboxOf(store, IMPORTANT)).toMatchObject({ name: 'Urgent', role: 'important', totalEmails: 1 });
      expect(await store.destroyMailbox(IMPORTANT, { removeEmails: true })).toEqual({ ok: true, mailboxId: 'important' });
      expect(await store.getEmails([emailId])).toEqual([]);
      expect(await store.createMailbox({ name: 'Urgent again', role: 'important' })).toEqual({ ok: true, mailboxId: 'important' });
      expect(await mailboxOf(store, IMPORTANT)).toMatchObject({ name: 'Urgent again', totalEmails: 0 });
    }));

    test('names differ by case, but for the inbox', withStore(async (store) => {
      await createMailbox(store, 'sent');
      await createMailbox(store, 'inbox/lists');
      expect(await ownNames(store)).toEqual(['INBOX/lists', 'sent']);
    }));

    test('renaming a mailbox renames its children and makes missing parents', withStore(async (store) => {
      const mailboxId = await createMailbox(store, 'Garden');
      await createMailbox(store, 'Garden/Roses');
      await createMailbox(store, 'Gardening');
      expect(await store.updateMailbox(mailboxId, { name: 'Home/Green' })).toEqual({ ok: true, mailboxId });
      expect(await ownNames(store)).toEqual(['Gardening', 'Home', 'Home/Green', 'Home/Green/Roses']);
    }));

    test('a mailbox cannot go below itself, onto another one, or be the inbox', withStore(async (store) => {
      const mailboxId = await createMailbox(store, 'Garden');
      expect(await store.updateMailbox(mailboxId, { name: 'Garden/Roses' })).toEqual({ ok: false, refusal: 'invalidName' });
      expect(await store.updateMailbox(mailboxId, { name: 'Sent' })).toEqual({ ok: false, refusal: 'alreadyExists' });
      expect(await store.updateMailbox(INBOX, { name: 'In' })).toEqual({ ok: false, refusal: 'isRoleMailbox' });
      expect(await store.updateMailbox('nowhere' as MailboxId, { name: 'x' })).toEqual({ ok: false, refusal: 'notFound' });
      expect(await ownNames(store)).toEqual(['Garden']);
    }));

    test('a role mailbox may have another name, and keeps its role', withStore(async (store) => {
      await store.updateMailbox(SENT, { name: 'Gesendet' });
      expect(await mailboxOf(store, SENT)).toMatchObject({ name: 'Gesendet', role: 'sent' });
    }));

    test('subscription and sort order change', withStore(async (store) => {
      const mailboxId = await createMailbox(store, 'Garden');
      await store.updateMailbox(mailboxId, { isSubscribed: true, sortOrder: 7 });
      expect(await mailboxOf(store, mailboxId)).toMatchObject({ name: 'Garden', isSubscribed: true, sortOrder: 7 });
    }));

    test('what is in use is not destroyed', withStore(async (store) => {
      const mailboxId = await createMailbox(store, 'Garden');
      await createMailbox(store, 'Garden/Roses');
      const holding = await createMailbox(store, 'Letters');
      await file(store, {}, { mailboxIds: [holding] });
      expect(await store.destroyMailbox(mailboxId, { removeEmails: true })).toEqual({ ok: false, refusal: 'mailboxHasChild' });
      expect(await store.destroyMailbox(holding, { removeEmails: false })).toEqual({ ok: false, refusal: 'mailboxHasEmail' });
      expect(await store.destroyMailbox(TRASH, { removeEmails: true })).toEqual({ ok: false, refusal: 'isRoleMailbox' });
      expect(await store.destroyMailbox('nowhere' as MailboxId, { removeEmails: true })).toEqual({ ok: false, refusal: 'notFound' });
    }));

    test('destroying a mailbox destroys the emails that no other mailbox holds', withStore(async (store) => {
      const mailboxId = await createMailbox(store, 'Garden');
      const lone = await file(store, {}, { mailboxIds: [mailboxId] });
      const shared = await file(store, {}, { mailboxIds: [mailboxId, ARCHIVE] });
      expect(await store.destroyMailbox(mailboxId, { removeEmails: true })).toEqual({ ok: true, mailboxId });
      expect((await store.getEmails([lone, shared])).map((email) => [email.emailId, email.mailboxIds])).toEqual([[shared, [ARCHIVE]]]);
      expect(await store.openView(mailboxId)).toBeNull();
      expect(await store.viewChangesSince(mailboxId, 1)).toBeNull();
    }));

    test('a mailbox made again under the same name is another one', withStore(async (store) => {
      const first = await createMailbox(store, 'Garden');
      await store.destroyMailbox(first, { removeEmails: false });
      expect(await createMailbox(store, 'Garden')).not.toBe(first);
    }));

    test('totals count emails, threads and octets', withStore(async (store) => {
      await file(store, { messageId: 'a', subject: 'Roses', body: '12345' });
      await file(store, { messageId: 'b', references: 'a', subject: 'Re: Roses' }, { keywords: ['$seen'] });
      await file(store, { subject: 'Tulips' }, { keywords: ['$draft'] });
      const view = await store.openView(INBOX);
      expect(await mailboxOf(store, INBOX)).toMatchObject({
        totalEmails: 3, unreadEmails: 1, totalThreads: 2, unreadThreads: 1,
        sizeBytes: view?.entries.reduce((sum, entry) => sum + entry.sizeBytes, 0),
        uidNext: 4, uidValidity: view?.uidValidity, highestModSeq: view?.highestModSeq,
      });
    }));

    test('a thread is unread for an unread email in another mailbox, unless that is the trash', withStore(async (store) => {
      const unread = await file(store, { messageId: 'a', subject: 'Roses' });
      await file(store, { messageId: 'b', references: 'a', subject: 'Re: Roses' }, { keywords: ['$seen'], mailboxIds: [SENT] });
      expect((await mailboxOf(store, SENT)).unreadThreads).toBe(1);
      await store.updateEmails([{ emailId: unread, addMailboxIds: [TRASH], removeMailboxIds: [INBOX] }]);
      expect([(await mailboxOf(store, SENT)).unreadThreads, (await mailboxOf(store, TRASH)).unreadThreads]).toEqual([0, 1]);
      expect(await uidsIn(store, TRASH)).toEqual([[1, unread]]);
    }));
  });
}
