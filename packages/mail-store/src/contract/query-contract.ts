import { describe, expect, test } from '@jest/globals';
import type { EmailId, MailboxId } from '@paloma/shared-model';
import type { EmailFilter, EmailSort, MailStore, QueryWindow } from '../port/index.js';
import type { WithStore } from './contract-subject.js';
import { ARCHIVE, file, fileMany, INBOX, SENT } from './example-message.js';

const WHOLE: QueryWindow = { position: 0, limit: null, collapseThreads: false, calculateTotal: true };
const OLDEST_FIRST: EmailSort[] = [{ property: 'receivedAt', isAscending: true }];

const HTML_AND_ATTACHMENT = [
  '--cut', 'Content-Type: text/html; charset=utf-8', '', '<p>Dear <b>gar</b>dener, caf&eacute; &amp; cake</p><style>.hidden{}</style>', '--cut',
  'Content-Type: application/pdf', 'Content-Disposition: attachment; filename="Rosenplan.pdf"', 'Content-Transfer-Encoding: base64', '', 'c2VjcmV0', '--cut--', '',
].join('\r\n');

/** Three emails, known by letter. */
async function fileThree(store: MailStore): Promise<Map<EmailId, string>> {
  const a = await file(store, {
    from: '=?utf-8?q?J=C3=BCrgen?= <jg@example.org>', to: 'ana@example.com', subject: '=?utf-8?b?R3LDvMOfZQ==?= aus Wien', messageId: 'a@x', date: 'Mon, 5 Jan 2026 10:00:00 +0000',
    headerLines: ['List-Id: Roses <roses.example.org>', 'X-Odd: 100% "sure"'], body: 'The quick brown fox\r\njumps 50% higher.\r\n',
  }, { receivedAtMs: 1000, keywords: ['$seen', 'x'] });
  const b = await file(store, {
    from: 'Bea <bea@example.org>', cc: 'Cleo <cleo@example.net>', subject: 'Re: Grüße aus Wien', messageId: 'b@x', references: 'a@x', date: 'Sat, 3 Jan 2026 23:30:00 -0800',
    contentType: 'multipart/mixed; boundary=cut', body: HTML_AND_ATTACHMENT,
  }, { receivedAtMs: 2000, mailboxIds: [ARCHIVE, INBOX] });
  const c = await file(store, { from: 'zoe@example.org', bcc: 'hidden@example.com', subject: 'alpha', body: 'x'.repeat(3000) }, { receivedAtMs: 3000, mailboxIds: [SENT], keywords: ['$draft', 'x'] });
  return new Map([[a, 'a'], [b, 'b'], [c, 'c']]);
}

async function found(store: MailStore, letters: ReadonlyMap<EmailId, string>, filter: EmailFilter | null, sort = OLDEST_FIRST, window = WHOLE): Promise<string> {
  return (await store.query(filter, sort, window)).emailIds.map((emailId) => letters.get(emailId)).join('');
}

async function foundIn(store: MailStore, letters: ReadonlyMap<EmailId, string>, mailboxId: MailboxId, filter: EmailFilter): Promise<string> {
  const uids = await store.findUids(mailboxId, filter);
  const { entries } = (await store.openView(mailboxId))!;
  return entries.filter(({ uid }) => uids.includes(uid)).map(({ emailId }) => letters.get(emailId)).join('');
}

export function runQueryContract(withStore: WithStore): void {
  describe('query', () => {
    test.each<[EmailFilter | null, string]>([
      [null, 'abc'],
      [{}, 'abc'],
      [{ inMailbox: INBOX }, 'ab'],
      [{ inMailboxOtherThan: [INBOX] }, 'bc'],
      [{ inMailboxOtherThan: [INBOX, ARCHIVE] }, 'c'],
      [{ before: 2000 }, 'a'],
      [{ after: 2000 }, 'bc'],
      [{ sentBefore: Date.UTC(2026, 0, 4), sentAfter: Date.UTC(2026, 0, 1) }, 'b'],
      [{ sentAfter: Date.UTC(2026, 0, 4) }, 'a'],
      [{ minSizeBytes: 3000 }, 'c'],
      [{ maxSizeBytes: 3000 }, 'ab'],
      [{ hasKeyword: '$SEEN' }, 'a'],
      [{ notKeyword: '$seen' }, 'bc'],
      [{ allInThreadHaveKeyword: 'x' }, 'c'],
      [{ someInThreadHaveKeyword: 'x' }, 'abc'],
      [{ noneInThreadHaveKeyword: '$draft' }, 'ab'],
      [{ hasAttachment: true }, 'b'],
      [{ hasAttachment: false }, 'ac'],
      [{ from: 'JÜRGEN' }, 'a'],
      [{ from: 'jg@example' }, 'a'],
      [{ from: 'ana@example' }, ''],
      [{ to: 'ANA' }, 'a'],
      [{ cc: 'cleo' }, 'b'],
      [{ bcc: 'hidden' }, 'c'],
      [{ subject: 'GRÜSSE' }, ''],
      [{ subject: 'grüße aus' }, 'ab'],
      [{ body: 'QUICK brown' }, 'a'],
      [{ body: 'fox\r\njumps' }, 'a'],
      [{ body: 'café & cake' }, 'b'],
      [{ body: 'dear gardener' }, 'b'],
      [{ body: 'hidden' }, ''],
      [{ body: 'rosenplan' }, ''],
      [{ text: 'rosenplan' }, 'b'],
      [{ text: 'example.org' }, 'abc'],
      [{ text: 'o' }, 'abc'],
      [{ body: '0%' }, 'a'],
      [{ body: '"' }, ''],
      [{ subject: '' }, 'abc'],
      [{ text: 'secret' }, ''],
      [{ header: ['List-ID'] }, 'a'],
      [{ header: ['list-id', 'ROSES.example'] }, 'a'],
      [{ header: ['x-odd', '% "s'] }, 'a'],
      [{ header: ['References', 'a@x'] }, 'b'],
      [{ operator: 'NOT', conditions: [{ header: ['List-Id'] }] }, 'bc'],
      [{ operator: 'AND', conditions: [] }, 'abc'],
      [{ operator: 'OR', conditions: [] }, ''],
      [{ operator: 'NOT', conditions: [{ subject: 'alpha' }, { hasKeyword: '$seen' }] }, 'b'],
      [{ operator: 'OR', conditions: [{ subject: 'alpha' }, { operator: 'AND', conditions: [{ inMailbox: INBOX }, { hasAttachment: true }] }] }, 'bc'],
      [{ from: 'example', body: 'fox', notKeyword: '$seen' }, ''],
    ])('%j finds %s', (filter, expected) => withStore(async (store) => {
      const letters = await fileThree(store);
      expect(await found(store, letters, filter)).toBe(expected);
      if (filter) expect(await foundIn(store, letters, INBOX, filter)).toBe(expected.replace('c', ''));
      if (filter) expect(await foundIn(store, letters, ARCHIVE, filter)).toBe(expected.replace(/[ac]/g, ''));
    })());

    // Of one character, of two, which have no trigram, and longer.
    test.each<[string, string, string[], string[]]>([
      ['Chinese', '下周二在北京开会讨论预算', ['北京', '北京开会', '会', '下周二在北京开会讨论预算'], ['京北', '北京讨论', '上海']],
      ['Japanese', '来週の打ち合わせはオンラインです', ['打ち合わせ', 'オンライン', '来週', 'す'], ['打合せ', '来月']],
      ['Korean, composed and not', '회의는 내일 아침입니다', ['내일', '아침입니다', '회의는'.normalize('NFD')], ['모레', '아침입니까']],
      ['Arabic', 'الاجتماع غدًا في القاهرة', ['القاهرة', 'غدًا', 'جتماع', 'في'], ['الاجتماعات', 'دمشق']],
      ['Hebrew with points', 'שָׁלוֹם לְכֻלָּם', ['שָׁלוֹם', 'לְכֻלָּם'.normalize('NFD'), 'וֹם'], ['שלומי']],
      ['Hindi', 'बैठक कल सुबह दस बजे है', ['सुबह', 'बैठक कल', 'दस'], ['शाम']],
      ['Thai, without spaces', 'ประชุมพรุ่งนี้เช้าที่กรุงเทพ', ['พรุ่งนี้', 'กรุงเทพ', 'เช้า'], ['เชียงใหม่']],
      ['Russian', 'Встреча завтра в Москве', ['ВСТРЕЧА', 'завтра В', 'скв'], ['Минске']],
      ['Greek, where sigma has two forms', 'Ο ΟΔΟΣΗΜΑΝΤΗΣ ΤΗΣ ΟΔΟΥ', ['ΟΔΟΣ', 'οδοσημαντης', 'ΗΣ Τ', 'της'], ['οδός']],
      ['Vietnamese, composed and not', 'Cuộc họp tối nay ở Huế', ['HỌP TỐI', 'cuộc họp'.normalize('NFD'), 'huế'], ['hue ']],
      ['combining marks that compose with nothing', 'x\u0303\u0323 = 2', ['x\u0323\u0303', 'X\u0323\u0303 = 2'], ['x = 2']],
      ['emoji', 'See you 👩‍👩‍👧 at the 🏖️ 🇪🇸!', ['🏖️', '👩‍👩‍👧', '🇪🇸!', 'the 🏖', '👧'], ['👦', '🇫🇷', '😀😀😀']],
      ['Deseret, with capitals beyond the first plane', '𐐎𐐯𐑊𐐿𐑀𐐲𐑋', ['𐐶𐐯𐑊', '𐐎', '𐐿𐑀'], ['𐐯𐐶']],
    ])('a substring is found in any script: %s', (_script, text, found, absent) => withStore(async (store) => {
      const emailId = await file(store, { subject: `=?utf-8?b?${Buffer.from(text).toString('base64')}?=`, contentType: 'text/plain; charset=utf-8', body: `> ${text}.\r\n` });
      await file(store, { subject: 'other', body: 'nothing of it' });
      for (const field of ['subject', 'body', 'text'] as const) {
        for (const needle of found) expect([needle, (await store.query({ [field]: needle }, [], WHOLE)).emailIds]).toEqual([needle, [emailId]]);
        for (const needle of absent) expect([needle, (await store.query({ [field]: needle }, [], WHOLE)).emailIds]).toEqual([needle, []]);
      }
    })());

    test('emails and threads can be asked for by id', withStore(async (store) => {
      const letters = await fileThree(store);
      const [a, b] = [...letters.keys()];
      const threadId = (await store.getEmails([a!]))[0]!.threadId;
      expect(await found(store, letters, { emailIds: [b!, 'nobody' as EmailId] })).toBe('b');
      expect(await found(store, letters, { threadId })).toBe('ab');
    }));

    test.each<[EmailSort['property'], boolean, string]>([
      ['receivedAt', true, 'abc'], ['receivedAt', false, 'cba'],
      ['sentAt', true, 'cba'], ['size', false, 'cba'],
      ['from', true, 'bac'], ['to', false, 'acb'], ['cc', false, 'bca'],
      ['subject', true, 'cba'], ['subject', false, 'bac'],
    ])('sort by %s (ascending: %s) gives %s', (property, isAscending, expected) => withStore(async (store) => {
      expect(await found(store, await fileThree(store), null, [{ property, isAscending }])).toBe(expected);
    })());

    test.each<[EmailSort['property'], string]>([['hasKeyword', 'bca'], ['someInThreadHaveKeyword', 'cba'], ['allInThreadHaveKeyword', 'cba']])(
      'sort by %s puts those without first', (property, expected) => withStore(async (store) => {
        const letters = await fileThree(store);
        const order = await found(store, letters, null, [{ property, isAscending: true, keyword: '$seen' }, { property: 'receivedAt', isAscending: property === 'hasKeyword' }]);
        expect(order).toBe(expected);
      })());

    test('without a sort the newest come first', withStore(async (store) => {
      expect(await found(store, await fileThree(store), null, [])).toBe('cba');
    }));

    test.each<[string, Partial<QueryWindow>, string]>([
      ['a page', { position: 1, limit: 2 }, '23'],
      ['from the end', { position: -2 }, '45'],
      ['before the beginning', { position: -9, limit: 1 }, '1'],
      ['past the end', { position: 9 }, ''],
      ['nothing', { limit: 0 }, ''],
    ])('the window is cut: %s', (_name, window, expected) => withStore(async (store) => {
      const emailIds = await fileMany(store, 5);
      const result = await store.query(null, OLDEST_FIRST, { ...WHOLE, ...window });
      expect(result.emailIds.map((emailId) => emailIds.indexOf(emailId) + 1).join('')).toBe(expected);
      expect(result.total).toBe(5);
    })());

    test('an anchor places the window', withStore(async (store) => {
      const emailIds = await fileMany(store, 5);
      const around = async (emailId: EmailId, offset: number) => store.query(null, OLDEST_FIRST, { ...WHOLE, limit: 2, calculateTotal: false, anchor: { emailId, offset } });
      expect(await around(emailIds[2]!, -1)).toMatchObject({ emailIds: [emailIds[1], emailIds[2]], position: 1, total: null, anchorFound: true });
      expect(await around(emailIds[0]!, -5)).toMatchObject({ emailIds: [emailIds[0], emailIds[1]], position: 0 });
      expect(await around('nobody' as EmailId, 0)).toMatchObject({ emailIds: [], anchorFound: false });
    }));

    test('collapsed threads show their first email in the order asked', withStore(async (store) => {
      const letters = await fileThree(store);
      expect(await found(store, letters, null, OLDEST_FIRST, { ...WHOLE, collapseThreads: true })).toBe('ac');
      expect(await found(store, letters, null, [], { ...WHOLE, collapseThreads: true })).toBe('cb');
      expect((await store.query(null, [], { ...WHOLE, collapseThreads: true })).total).toBe(2);
    }));

    test('what is destroyed is not found, and the query state tells', withStore(async (store) => {
      const letters = await fileThree(store);
      const { queryState } = await store.query({ text: 'fox' }, [], WHOLE);
      await store.destroyEmails([...letters.keys()]);
      expect(await store.query({ text: 'fox' }, [], WHOLE)).toMatchObject({ emailIds: [], total: 0, queryState: expect.not.stringMatching(`^${queryState}$`) });
    }));
  });
}
