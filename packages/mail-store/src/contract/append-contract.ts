import { describe, expect, test } from '@jest/globals';
import { MAX_MESSAGE_BYTES, type EmailId, type MailboxId } from '@paloma/shared-model';
import type { WithStore } from './contract-subject.js';
import { ARCHIVE, file, INBOX, messageOctets, SENT, uidsIn } from './example-message.js';

export function runAppendContract(withStore: WithStore): void {
  describe('append', () => {
    test('files a message with what is known of it', withStore(async (store) => {
      const octets = messageOctets({ from: 'Ana <ana@example.org>', subject: 'Roses', body: 'They bloom.\r\n' });
      const security = { status: 'signed', problem: null, isEncrypted: false, signature: 'valid', signerFingerprint: null } as const;
      const outcome = await store.append({ octets, mailboxIds: [INBOX, ARCHIVE], keywords: ['$Flagged', 'Later'], receivedAtMs: 5000, security });
      expect(outcome).toEqual({ ok: true, emailId: expect.any(String), uids: new Map([[INBOX, 1], [ARCHIVE, 1]]), isNew: true });
      const [email] = await store.getEmails([(outcome as { emailId: EmailId }).emailId]);
      expect(email).toMatchObject({ keywords: ['$flagged', 'later'], receivedAtMs: 5000, sizeBytes: octets.length, preview: 'They bloom.', hasAttachment: false, security });
      expect([...email!.mailboxIds].sort()).toEqual([ARCHIVE, INBOX]);
      expect(new TextDecoder().decode(email!.headerBlock)).toBe('From: Ana <ana@example.org>\r\nSubject: Roses\r\n\r\n');
      expect(email!.rootPart.mediaType).toBe('text/plain');
    }));

    test.each([
      ['plain', messageOctets()],
      ['empty', new Uint8Array(0)],
      ['no message at all', Uint8Array.from({ length: 3000 }, (_, index) => (index * 31) % 256)],
      ['bare line feeds and 8-bit octets', Uint8Array.from([...messageOctets({ subject: 'x' }).filter((octet) => octet !== 13), 0xff, 0, 10])],
      ['a large attachment', messageOctets({
        contentType: 'multipart/mixed; boundary=cut',
        body: `--cut\r\n\r\nsee below\r\n--cut\r\nContent-Type: image/png; name=a.png\r\n\r\n${'0123456789'.repeat(20_000)}\r\n--cut--\r\nend`,
      })],
    ])('keeps the octets exactly: %s', (_name, octets) => withStore(async (store) => {
      const outcome = await store.append({ octets, mailboxIds: [INBOX] });
      const emailId = (outcome as { emailId: EmailId }).emailId;
      expect(Buffer.compare((await store.loadMessageBytes(emailId))!, octets)).toBe(0);
      for (const range of [{ offset: 0, length: 10 }, { offset: 5, length: 150_000 }, { offset: octets.length - 3, length: 100 }, { offset: octets.length + 1, length: 1 }]) {
        const start = Math.max(0, range.offset);
        expect(Buffer.compare((await store.loadMessageBytes(emailId, { ...range, offset: start }))!, octets.slice(start, start + range.length))).toBe(0);
      }
    })());

    test('keeps its own copy of the octets', withStore(async (store) => {
      const octets = messageOctets({ body: 'mine' });
      const outcome = await store.append({ octets, mailboxIds: [INBOX] });
      octets.fill(0);
      expect(Buffer.from((await store.loadMessageBytes((outcome as { emailId: EmailId }).emailId))!).toString()).toContain('mine');
    }));

    test('refuses unknown mailboxes, no mailbox, and too large a message', withStore(async (store) => {
      expect(await store.append({ octets: messageOctets(), mailboxIds: [INBOX, 'nowhere' as MailboxId] })).toEqual({ ok: false, refusal: 'mailboxNotFound' });
      expect(await store.append({ octets: messageOctets(), mailboxIds: [] })).toEqual({ ok: false, refusal: 'mailboxNotFound' });
      expect(await store.append({ octets: new Uint8Array(MAX_MESSAGE_BYTES + 1), mailboxIds: [INBOX] })).toEqual({ ok: false, refusal: 'tooLarge' });
      expect(await uidsIn(store, INBOX)).toEqual([]);
    }));

    test('the same source filed twice is one email', withStore(async (store) => {
      const source = { sourceId: 'x'.repeat(43), asReceived: messageOctets({ subject: 'sealed' }) };
      const first = await store.append({ octets: messageOctets(), mailboxIds: [INBOX], source });
      const second = await store.append({ octets: messageOctets(), mailboxIds: [SENT], source });
      expect(first).toMatchObject({ ok: true, isNew: true });
      expect(second).toEqual({ ...first, isNew: false });
      expect(await uidsIn(store, SENT)).toEqual([]);
    }));

    test('a source whose email was destroyed is not filed again', withStore(async (store) => {
      const source = { sourceId: 'x'.repeat(43), asReceived: null };
      const emailId = await file(store, {}, { source });
      await store.destroyEmails([emailId]);
      expect(await store.append({ octets: messageOctets(), mailboxIds: [INBOX], source })).toEqual({ ok: false, refusal: 'alreadyDestroyed' });
    }));

    test('the same octets without a source are two emails', withStore(async (store) => {
      const [first, second] = [await file(store), await file(store)];
      expect(first).not.toBe(second);
      await store.destroyEmails([first]);
      expect(await store.loadMessageBytes(second)).toEqual(messageOctets());
      expect(await uidsIn(store, INBOX)).toEqual([[2, second]]);
    }));

    test('keywords that are none are left out', withStore(async (store) => {
      const emailId = await file(store, {}, { keywords: ['ok', 'not ok', '(', '__proto__', ''] });
      expect((await store.getEmails([emailId]))[0]?.keywords).toEqual(['ok']);
    }));

    test('several messages are filed together, in their order', withStore(async (store) => {
      const inputs = ['a', 'b', 'c'].map((subject, index) => ({ octets: messageOctets({ subject }), mailboxIds: index === 1 ? [INBOX, ARCHIVE] : [INBOX], isDeleted: index === 2 }));
      let commits = 0;
      const end = store.subscribe(() => { commits += 1; });
      const outcome = await store.appendAll(inputs);
      end();
      const appended = outcome.ok ? outcome.appended : [];
      expect(appended.map(({ uids, isNew }) => [uids.get(INBOX), uids.get(ARCHIVE), isNew])).toEqual([[1, undefined, true], [2, 1, true], [3, undefined, true]]);
      expect((await store.openView(INBOX))?.entries.map(({ emailId, isDeleted }) => [emailId, isDeleted])).toEqual(appended.map(({ emailId }, index) => [emailId, index === 2]));
      expect(commits).toBe(1);
    }));

    test('with one message refused none is filed', withStore(async (store) => {
      const source = { sourceId: 'x'.repeat(43), asReceived: null };
      await store.destroyEmails([await file(store, {}, { source })]);
      const sound = { octets: messageOctets(), mailboxIds: [INBOX] };
      const before = await store.state('Email');
      for (const [input, refusal] of [
        [{ ...sound, mailboxIds: ['nowhere' as MailboxId] }, 'mailboxNotFound'], [{ ...sound, octets: new Uint8Array(MAX_MESSAGE_BYTES + 1) }, 'tooLarge'], [{ ...sound, source }, 'alreadyDestroyed'],
      ] as const) expect(await store.appendAll([sound, input, sound])).toEqual({ ok: false, refusal });
      expect([await uidsIn(store, INBOX), await store.state('Email')]).toEqual([[], before]);
      expect(await store.appendAll([])).toEqual({ ok: true, appended: [] });
    }));

    test('one message takes the place of another in one mailbox', withStore(async (store) => {
      const old = await file(store, {}, { mailboxIds: [INBOX, ARCHIVE] });
      const draft = { octets: messageOctets({ subject: 'better' }), mailboxIds: [INBOX] };
      const outcome = await store.appendAll([draft], { replaced: { emailId: old, mailboxId: INBOX } });
      const emailId = outcome.ok ? outcome.appended[0]!.emailId : null;
      expect([await uidsIn(store, INBOX), await uidsIn(store, ARCHIVE)]).toEqual([[[2, emailId]], [[1, old]]]);
      expect(await store.appendAll([draft], { replaced: { emailId: old, mailboxId: INBOX } })).toEqual({ ok: false, refusal: 'replacedNotFound' });
      await store.appendAll([draft], { replaced: { emailId: old, mailboxId: ARCHIVE } });
      expect([(await uidsIn(store, INBOX)).length, await uidsIn(store, ARCHIVE), await store.getEmails([old])]).toEqual([2, [], []]);
    }));

    test('unknown emails are left out and have no octets', withStore(async (store) => {
      const [first, second] = [await file(store), await file(store)];
      expect((await store.getEmails([second, 'nobody' as EmailId, first])).map(({ emailId }) => emailId)).toEqual([second, first]);
      expect(await store.loadMessageBytes('nobody' as EmailId)).toBeNull();
    }));
  });
}
