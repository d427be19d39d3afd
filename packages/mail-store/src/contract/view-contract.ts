import { describe, expect, test } from '@jest/globals';
import { concatOctets, formatImapBodyStructure, formatImapEnvelope, imapBodyStructure, imapEnvelope, LIST_FIELDS, selectFields } from '@paloma/mail-format';
import type { EmailId, MailboxId } from '@paloma/shared-model';
import type { WithStore } from './contract-subject.js';
import type { DescriptionParts, MailStore } from '../port/index.js';
import { ARCHIVE, createMailbox, file, fileMany, INBOX, uidsIn } from './example-message.js';

const NESTED = [
  '--b', '', 'text', '--b', 'Content-Type: message/rfc822', 'Content-Description: inside', '', 'Subject: inner', 'Content-Type: text/html', '', '<p>', '--b',
  'Content-Type: text/plain', '', 'large '.repeat(10_000), '--b--', '',
].join('\r\n');

/** Messages of several kinds: a header alone, a short body, parts, a body that is kept apart. */
async function fileKinds(store: MailStore): Promise<EmailId[]> {
  return [
    await file(store, { subject: 'Grüße', body: '' }),
    await file(store, { from: '"A \\"B\\"" <a@example.org>', body: 'short' }),
    await file(store, { contentType: 'multipart/mixed; boundary=b', body: NESTED }),
    await file(store, { body: 'large '.repeat(10_000) }),
  ];
}

async function messageKeys(store: MailStore): Promise<Map<EmailId, number>> {
  return new Map((await store.openView(INBOX))?.entries.map(({ emailId, messageKey }) => [emailId, messageKey]));
}

export function runViewContract(withStore: WithStore): void {
  describe('views', () => {
    test('UIDs ascend and are never given twice', withStore(async (store) => {
      const [first, second, third] = await fileMany(store, 3);
      await store.destroyEmails([third!]);
      const fourth = await file(store);
      expect(await uidsIn(store, INBOX)).toEqual([[1, first], [2, second], [4, fourth]]);
      expect((await store.openView(INBOX))?.uidNext).toBe(5);
    }));

    test('a view tells the keywords of its emails, also of those that came and changed since', withStore(async (store) => {
      await file(store, {}, { keywords: ['$seen', 'x'] });
      const emailId = await file(store);
      const keywords = async (): Promise<string[]> => [...(await store.openView(INBOX))!.keywords].sort();
      const before = (await store.openView(INBOX))!;
      expect(await keywords()).toEqual(['$seen', 'x']);
      await store.updateEmails([{ emailId, addKeywords: ['y'] }]);
      await file(store, {}, { keywords: ['z'] });
      expect(await keywords()).toEqual(['$seen', 'x', 'y', 'z']);
      expect([...before.keywords].sort()).toEqual(['$seen', 'x']);
    }));

    test('an entry shows what IMAP asks for', withStore(async (store) => {
      const emailId = await file(store, { body: '12345' }, { keywords: ['$seen'], receivedAtMs: 7000 });
      const [email] = await store.getEmails([emailId]);
      expect((await store.openView(INBOX))?.entries).toEqual([{
        uid: 1, emailId, emailKey: expect.any(Number), messageKey: expect.any(Number), keywords: ['$seen'], isDeleted: false, modSeq: email!.modSeq, sizeBytes: email!.sizeBytes, receivedAtMs: 7000, addedAtMs: expect.any(Number),
      }]);
    }));

    test('IMAP describes messages as it does one by one', withStore(async (store) => {
      const records = await store.getEmails(await fileKinds(store));
      const keys = await messageKeys(store);
      const expected = await Promise.all(records.map(async ({ emailId, headerBlock, rootPart }) => ({
        messageKey: keys.get(emailId)!, envelope: formatImapEnvelope(imapEnvelope(headerBlock)),
        bodyStructure: formatImapBodyStructure(imapBodyStructure(rootPart, (await store.loadMessageBytes(emailId))!), { isExtensible: true }),
        listFields: concatOctets(selectFields(headerBlock, { names: LIST_FIELDS, areExcluded: false })),
      })));
      const ask = async (indexes: number[], ...parts: (keyof DescriptionParts)[]) => {
        const has = (part: keyof DescriptionParts): boolean => parts.includes(part);
        const descriptions = await store.describeMessages(indexes.map((index) => keys.get(records[index]?.emailId ?? 'nobody' as EmailId) ?? 999), { envelope: has('envelope'), bodyStructure: has('bodyStructure'), listFields: has('listFields') });
        return descriptions.map((description) => ({ ...description, listFields: description.listFields && new Uint8Array(description.listFields) }));
      };
      const describe = async (...indexes: number[]) => ask(indexes, 'envelope', 'bodyStructure', 'listFields');
      expect(await describe(3, 99, 0, 2, 1)).toEqual(expected);
      expect(await describe(2)).toEqual([expected[2]]);
      expect(await ask([1], 'envelope')).toEqual([{ ...expected[1], bodyStructure: null, listFields: null }]);
      expect(await ask([1], 'listFields')).toEqual([{ ...expected[1], envelope: null, bodyStructure: null }]);
      await store.destroyEmails([records[0]!.emailId]);
      // A store may know a message a little longer than its email.
      expect((await describe(0, 1)).filter(({ messageKey }) => messageKey !== expected[0]!.messageKey)).toEqual([expected[1]]);
    }));

    test('the octets of messages come many at once', withStore(async (store) => {
      const emailIds = await fileKinds(store);
      const [records, octets] = [await store.getEmails(emailIds), await Promise.all(emailIds.map((emailId) => store.loadMessageBytes(emailId)))];
      const keys = [...(await messageKeys(store)).values()];
      const whole = await store.getMessagesAtHand([...keys, 999], { withBody: true });
      expect([...whole].map(([messageKey, { headerBlock, body }]) => [messageKey, Buffer.concat([headerBlock, ...body])])).toEqual(keys.map((messageKey, index) => [messageKey, Buffer.from(octets[index]!)]));
      const headers = await store.getMessagesAtHand(keys, { withBody: false });
      expect([...headers]).toEqual(records.map(({ headerBlock }, index) => [keys[index], { headerBlock, body: [] }]));
    }));

    test('who has the octets of messages may end them, and nobody else is without', withStore(async (store) => {
      const emailIds = await fileKinds(store);
      const keys = [...(await messageKeys(store)).values()];
      const octets = await Promise.all(emailIds.map((emailId) => store.loadMessageBytes(emailId)));
      const answers = [await store.getMessagesAtHand(keys, { withBody: true }), await store.getMessagesAtHand(keys, { withBody: false })];
      for (const { buffer } of answers.flatMap((answer) => [...answer.values()]).flatMap(({ headerBlock, body }) => [headerBlock, ...body])) {
        if (!(buffer as ArrayBuffer).detached) (buffer as ArrayBuffer).transfer(0);
      }
      const again = await store.getMessagesAtHand(keys, { withBody: true });
      expect([...again.values()].map(({ headerBlock, body }) => Buffer.concat([headerBlock, ...body]))).toEqual(octets.map((each) => Buffer.from(each!)));
      expect((await store.getEmails(emailIds)).map(({ headerBlock }) => headerBlock.length > 0)).toEqual(emailIds.map(() => true));
    }));

    test('a view never changes under its reader', withStore(async (store) => {
      const [first, second] = await fileMany(store, 2);
      const view = (await store.openView(INBOX))!;
      const before = structuredClone(view);
      await store.updateEmails([{ emailId: first!, addKeywords: ['x'] }, { emailId: second!, setDeleted: { mailboxId: INBOX, isDeleted: true } }]);
      await store.destroyEmails([first!]);
      await file(store);
      expect(view).toEqual(before);
    }));

    test('changes name what is new, what changed and what vanished, by UID', withStore(async (store) => {
      const [first, second, third] = await fileMany(store, 3);
      const before = (await store.openView(INBOX))!;
      await store.updateEmails([{ emailId: third!, addKeywords: ['x'] }]);
      await store.destroyEmails([second!, first!]);
      const fourth = await file(store);
      const changes = (await store.viewChangesSince(INBOX, before.highestModSeq))!;
      expect(changes.changed.map(({ uid, emailId }) => [uid, emailId])).toEqual([[3, third], [4, fourth]]);
      expect(changes.changed.every(({ modSeq }) => modSeq > before.highestModSeq && modSeq <= changes.highestModSeq)).toBe(true);
      expect([changes.vanished, changes.uidNext]).toEqual([[1, 2], 5]);
      expect(await store.viewChangesSince(INBOX, changes.highestModSeq)).toEqual({ ...changes, changed: [], vanished: [] });
      expect((await store.openView(INBOX))?.highestModSeq).toBe(changes.highestModSeq);
    }));

    test('a keyword change is seen in every mailbox that holds the email, with one modseq', withStore(async (store) => {
      const emailId = await file(store, {}, { mailboxIds: [INBOX, ARCHIVE] });
      await store.updateEmails([{ emailId, addKeywords: ['x'] }]);
      const [inbox, archive] = [await store.openView(INBOX), await store.openView(ARCHIVE)];
      expect([inbox?.entries[0]?.keywords, archive?.entries[0]?.keywords]).toEqual([['x'], ['x']]);
      expect(inbox?.entries[0]?.modSeq).toBe(archive?.entries[0]?.modSeq);
    }));

    test('an email that came and went in between did not change the view but for its UID', withStore(async (store) => {
      const before = (await store.openView(INBOX))!;
      await store.destroyEmails([await file(store)]);
      expect(await store.viewChangesSince(INBOX, before.highestModSeq)).toMatchObject({ changed: [], vanished: [1], uidNext: 2 });
    }));

    test('a new mailbox has a modseq and a UIDVALIDITY of its own', withStore(async (store) => {
      const view = (await store.openView(await createMailbox(store, 'Garden')))!;
      expect(view).toMatchObject({ uidNext: 1, entries: [] });
      expect(view.highestModSeq).toBeGreaterThan(0);
      expect(view.uidValidity).toBeGreaterThan(0);
    }));

    test('there is no view of an unknown mailbox', withStore(async (store) => {
      expect([await store.openView('nowhere' as MailboxId), await store.viewChangesSince('nowhere' as MailboxId, 1)]).toEqual([null, null]);
    }));
  });
}
