import { describe, expect, test } from '@jest/globals';
import type { EmailId, MailboxId } from '@paloma/shared-model';
import type { MailStore } from '../port/index.js';
import type { WithStore } from './contract-subject.js';
import { ARCHIVE, file, fileMany, INBOX, SENT, uidsIn } from './example-message.js';

const keywordsOf = async (store: MailStore, emailId: EmailId): Promise<readonly string[] | undefined> => (await store.getEmails([emailId]))[0]?.keywords;

export function runUpdateContract(withStore: WithStore): void {
  describe('update', () => {
    test('keywords are added, removed and replaced, in any case', withStore(async (store) => {
      const emailId = await file(store, {}, { keywords: ['a', 'b'] });
      await store.updateEmails([{ emailId, addKeywords: ['$SEEN'], removeKeywords: ['B'] }]);
      expect(await keywordsOf(store, emailId)).toEqual(['$seen', 'a']);
      await store.updateEmails([{ emailId, setKeywords: ['z'] }]);
      expect(await keywordsOf(store, emailId)).toEqual(['z']);
    }));

    test('each update has an outcome, and one that is refused stops no other', withStore(async (store) => {
      const emailId = await file(store);
      const outcomes = await store.updateEmails([
        { emailId: 'nobody' as EmailId, addKeywords: ['x'] },
        { emailId, addMailboxIds: ['nowhere' as MailboxId], addKeywords: ['y'] },
        { emailId, setDeleted: { mailboxId: ARCHIVE, isDeleted: true } },
        { emailId, addKeywords: Array.from({ length: 200 }, (_, index) => `k${index}`) },
        { emailId, addKeywords: ['done'] },
      ]);
      expect(outcomes.map((outcome) => (outcome.ok ? 'done' : outcome.refusal))).toEqual(['notFound', 'mailboxNotFound', 'mailboxNotFound', 'tooManyKeywords', 'done']);
      expect(outcomes.map((outcome) => outcome.emailId)).toEqual(['nobody', emailId, emailId, emailId, emailId]);
      expect(await keywordsOf(store, emailId)).toEqual(['done']);
    }));

    test('an email is found by the key that a view gave, as long as it is there', withStore(async (store) => {
      await fileMany(store, 3);
      const named = (await store.openView(INBOX))!.entries.map(({ emailId, emailKey }) => ({ emailId, emailKey }));
      const outcomes = await store.updateEmails([...named.map((email) => ({ ...email, addKeywords: ['x'] })), { ...named[0]!, addMailboxIds: [ARCHIVE], removeMailboxIds: [INBOX] }]);
      expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, true, true, true]);
      expect((await store.openView(ARCHIVE))!.entries).toMatchObject([{ ...named[0], keywords: ['x'] }]);
      await store.destroyEmails([named[1]!.emailId]);
      expect(await store.updateEmails([named[1]!, named[2]!])).toMatchObject([{ ok: false, refusal: 'notFound' }, { ok: true }]);
    }));

    test('the modseq grows with every change and stays when nothing changes', withStore(async (store) => {
      const emailId = await file(store);
      const update = async (keywords: string[]): Promise<number> => {
        const [outcome] = await store.updateEmails([{ emailId, setKeywords: keywords }]);
        return outcome?.ok ? outcome.modSeq : 0;
      };
      const [first, second, third] = [await update(['a']), await update(['a', 'b']), await update(['b', 'a'])];
      expect(second).toBeGreaterThan(first!);
      expect(third).toBe(second);
      expect((await store.getEmails([emailId]))[0]?.modSeq).toBe(second);
    }));

    test('UNCHANGEDSINCE refuses what changed later', withStore(async (store) => {
      const [changed, unchanged] = await fileMany(store, 2);
      const { highestModSeq } = (await store.openView(INBOX))!;
      await store.updateEmails([{ emailId: changed!, addKeywords: ['x'] }]);
      const outcomes = await store.updateEmails([
        { emailId: changed!, addKeywords: ['y'], ifUnchangedSince: highestModSeq },
        { emailId: unchanged!, addKeywords: ['y'], ifUnchangedSince: highestModSeq },
      ]);
      expect(outcomes.map((outcome) => (outcome.ok ? 'done' : outcome.refusal))).toEqual(['modified', 'done']);
      expect(await keywordsOf(store, changed!)).toEqual(['x']);
    }));

    test('a move gives a new UID, the old one vanishes, the email stays the same', withStore(async (store) => {
      const [first, second] = await fileMany(store, 2);
      await file(store, {}, { mailboxIds: [ARCHIVE] });
      const { highestModSeq } = (await store.openView(INBOX))!;
      const outcomes = await store.updateEmails([second!, first!].map((emailId) => ({ emailId, addMailboxIds: [ARCHIVE], removeMailboxIds: [INBOX] })));
      expect(outcomes.map((outcome) => (outcome.ok ? outcome.addedUids : null))).toEqual([new Map([[ARCHIVE, 2]]), new Map([[ARCHIVE, 3]])]);
      expect((await store.viewChangesSince(INBOX, highestModSeq))?.vanished).toEqual([1, 2]);
      expect((await uidsIn(store, ARCHIVE)).slice(1)).toEqual([[2, second], [3, first]]);
    }));

    test('an email that comes back into a mailbox has a new UID there', withStore(async (store) => {
      const emailId = await file(store);
      await store.updateEmails([{ emailId, addMailboxIds: [ARCHIVE], removeMailboxIds: [INBOX] }]);
      await store.updateEmails([{ emailId, addMailboxIds: [INBOX], removeMailboxIds: [ARCHIVE] }]);
      expect(await uidsIn(store, INBOX)).toEqual([[2, emailId]]);
    }));

    test('\\Deleted is of one mailbox and no keyword', withStore(async (store) => {
      const emailId = await file(store, {}, { mailboxIds: [INBOX, ARCHIVE] });
      await store.updateEmails([{ emailId, setDeleted: { mailboxId: INBOX, isDeleted: true } }]);
      const isDeletedIn = async (mailboxId: MailboxId): Promise<boolean | undefined> => (await store.openView(mailboxId))?.entries[0]?.isDeleted;
      expect([await isDeletedIn(INBOX), await isDeletedIn(ARCHIVE), await keywordsOf(store, emailId)]).toEqual([true, false, []]);
      await store.updateEmails([{ emailId, setDeleted: { mailboxId: INBOX, isDeleted: false } }]);
      expect(await isDeletedIn(INBOX)).toBe(false);
    }));

    test('an email back in a mailbox is not \\Deleted there any more', withStore(async (store) => {
      const emailId = await file(store, {}, { mailboxIds: [INBOX, ARCHIVE] });
      await store.updateEmails([{ emailId, setDeleted: { mailboxId: INBOX, isDeleted: true } }]);
      await store.updateEmails([{ emailId, removeMailboxIds: [INBOX] }]);
      await store.updateEmails([{ emailId, addMailboxIds: [INBOX] }]);
      expect((await store.openView(INBOX))?.entries).toMatchObject([{ uid: 2, isDeleted: false }]);
    }));

    test('leaving the last mailbox destroys the email', withStore(async (store) => {
      const emailId = await file(store);
      const before = await store.state('Email');
      const [outcome] = await store.updateEmails([{ emailId, removeMailboxIds: [INBOX] }]);
      expect(outcome).toMatchObject({ ok: true, emailId });
      expect(await store.getEmails([emailId])).toEqual([]);
      expect(await store.loadMessageBytes(emailId)).toBeNull();
      expect((await store.changesSince('Email', before, 10))?.destroyed).toEqual([emailId]);
      expect((await store.updateEmails([{ emailId, addMailboxIds: [INBOX] }]))[0]).toMatchObject({ ok: false, refusal: 'notFound' });
    }));

    test('updates of one email in one list follow each other', withStore(async (store) => {
      const emailId = await file(store);
      await store.updateEmails([{ emailId, addKeywords: ['a'] }, { emailId, removeKeywords: ['a'], addKeywords: ['b'] }, { emailId, addMailboxIds: [SENT] }, { emailId, removeMailboxIds: [INBOX] }]);
      expect((await store.getEmails([emailId]))[0]).toMatchObject({ keywords: ['b'], mailboxIds: [SENT] });
    }));

    test('of a batch, what was changed or destroyed meanwhile, or goes with the batch itself, leaves the others alone', withStore(async (store) => {
      const [leaving, destroyed, changed, marked] = await fileMany(store, 4) as [EmailId, EmailId, EmailId, EmailId];
      const { highestModSeq } = (await store.openView(INBOX))!;
      await store.destroyEmails([destroyed]);
      await store.updateEmails([{ emailId: changed, addKeywords: ['x'] }]);
      const outcomes = await store.updateEmails([
        { emailId: leaving, addKeywords: ['k'] },
        ...[destroyed, changed, marked].map((emailId) => ({ emailId, addKeywords: ['k'], ifUnchangedSince: highestModSeq })),
        { emailId: leaving, removeMailboxIds: [INBOX] },
        { emailId: leaving, addMailboxIds: [ARCHIVE] },
      ]);
      expect(outcomes.map((outcome) => (outcome.ok ? 'done' : outcome.refusal))).toEqual(['done', 'notFound', 'modified', 'done', 'done', 'notFound']);
      expect((await store.openView(INBOX))?.entries.map(({ uid, keywords }) => [uid, keywords])).toEqual([[3, ['x']], [4, ['k']]]);
      expect(await store.getEmails([leaving])).toEqual([]);
    }));

    test('a copy shares the message and is an email of its own', withStore(async (store) => {
      const [first, second] = await fileMany(store, 2);
      await store.updateEmails([{ emailId: first!, addKeywords: ['kept'] }, { emailId: first!, setDeleted: { mailboxId: INBOX, isDeleted: true } }]);
      const copies = await store.copyEmails([second!, 'nobody' as EmailId, first!], ARCHIVE);
      expect(copies.map((copy) => copy?.uid ?? null)).toEqual([1, null, 2]);
      const [original, copy] = await store.getEmails([first!, copies[2]!.emailId]);
      expect(copy).toMatchObject({ messageId: original!.messageId, threadId: original!.threadId, keywords: ['kept'], receivedAtMs: 1000, mailboxIds: [ARCHIVE] });
      expect(copy!.emailId).not.toBe(first);
      expect((await store.openView(ARCHIVE))?.entries[1]).toMatchObject({ isDeleted: false });
    }));

    test('a copy lives on when the original is destroyed', withStore(async (store) => {
      const emailId = await file(store, { body: 'x'.repeat(50_000) });
      const octets = await store.loadMessageBytes(emailId);
      const [copy] = await store.copyEmails([emailId], ARCHIVE);
      await store.destroyEmails([emailId]);
      expect(Buffer.compare((await store.loadMessageBytes(copy!.emailId))!, octets!)).toBe(0);
    }));

    test('a copy into a mailbox that is not there copies nothing', withStore(async (store) => {
      const emailId = await file(store);
      expect(await store.copyEmails([emailId], 'nowhere' as MailboxId)).toEqual([null]);
    }));

    test('what moves to the end of its mailbox is a new email there at once, and the old one leaves in the same change', withStore(async (store) => {
      const [first, second, third] = await fileMany(store, 3);
      await store.updateEmails([{ emailId: first!, addKeywords: ['kept'], addMailboxIds: [SENT] }]);
      const elsewhere = await file(store, {}, { mailboxIds: [ARCHIVE] });
      const seen: ReturnType<typeof uidsIn>[] = [];
      store.subscribe(() => seen.push(uidsIn(store, INBOX)));
      const moved = await store.moveToEnd([first!, 'nobody' as EmailId, elsewhere, third!], INBOX);
      expect(moved.map((email) => email?.uid ?? null)).toEqual([4, null, null, 5]);
      expect((await Promise.all(seen)).map((entries) => entries.map(([uid]) => uid))).toEqual([[2, 4, 5]]);
      expect(await store.getEmails([first!, second!, third!, elsewhere, moved[0]!.emailId])).toMatchObject([
        { emailId: first, mailboxIds: [SENT] }, { emailId: second, mailboxIds: [INBOX] }, { emailId: elsewhere, mailboxIds: [ARCHIVE] }, { mailboxIds: [INBOX], keywords: ['kept'], receivedAtMs: 1000 },
      ]);
    }));

    test('destroying answers which emails there were', withStore(async (store) => {
      const emailId = await file(store, {}, { mailboxIds: [INBOX, SENT] });
      expect(await store.destroyEmails(['nobody' as EmailId, emailId, emailId])).toEqual([emailId]);
      expect([await uidsIn(store, INBOX), await uidsIn(store, SENT)]).toEqual([[], []]);
    }));
  });
}
