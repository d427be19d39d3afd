import { describe, expect, test } from '@jest/globals';
import { fc } from '@paloma/test-kit';
import { at, jmapFixture } from '../test/jmap-fixture.js';

const message = (subject: string, from = 'bob@example.net'): string => `From: ${from}\nSubject: ${subject}\nMessage-ID: <${subject}@x>\n\n${subject} in the body & <more>\n`;

describe('a filter finds', () => {
  test.each([
    ['a mailbox', { inMailbox: 'archive' }, ['c']],
    ['a keyword', { hasKeyword: '$Seen' }, ['b']],
    ['what is before a time', { before: '1970-01-01T00:00:02Z' }, ['a']],
    ['what is after a time', { after: '1970-01-01T00:00:02Z' }, ['b', 'c']],
    ['text', { text: 'BETA' }, ['b']],
    ['a sender', { from: 'carol' }, ['c']],
    ['a header field', { header: ['Message-ID', 'alpha'] }, ['a']],
    ['all of several', { operator: 'AND', conditions: [{ inMailbox: 'inbox' }, { notKeyword: '$seen' }] }, ['a']],
    ['any of several', { operator: 'OR', conditions: [{ subject: 'alpha' }, { subject: 'gamma' }] }, ['a', 'c']],
    ['none of several', { operator: 'NOT', conditions: [{ subject: 'alpha' }, { subject: 'gamma' }] }, ['b']],
    ['everything when empty', {}, ['a', 'b', 'c']],
  ])('%s', async (_, filter, expected) => {
    const { one, file } = await jmapFixture();
    const ids: Record<string, string> = {
      a: await file(message('alpha'), { receivedAtMs: 1000 }),
      b: await file(message('beta'), { receivedAtMs: 2000, keywords: ['$seen'] }),
      c: await file(message('gamma', 'carol@example.net'), { receivedAtMs: 3000, mailboxIds: ['archive' as never] }),
    };
    expect(at(await one('Email/query', { filter, sort: [{ property: 'receivedAt' }] }), '/ids')).toEqual(expected.map((key) => ids[key]));
  });
});

const windows = fc.record({
  position: fc.option(fc.integer({ min: -15, max: 15 }), { nil: undefined }),
  anchorIndex: fc.option(fc.nat(11), { nil: undefined }),
  anchorOffset: fc.integer({ min: -5, max: 5 }),
  limit: fc.option(fc.nat(15), { nil: undefined }),
});

test('every window is a piece of the whole result', async () => {
  const { one, file } = await jmapFixture();
  for (let index = 0; index < 12; index++) await file(message(`s${index % 5}x${index}`), { receivedAtMs: index % 4 });
  const search = { filter: { inMailbox: 'inbox' }, sort: [{ property: 'receivedAt', isAscending: false }, { property: 'subject' }] };
  const all = at(await one('Email/query', search), '/ids') as string[];
  expect(new Set(all).size).toBe(12);
  await fc.assert(fc.asyncProperty(windows, async ({ position, anchorIndex, anchorOffset, limit }) => {
    const anchor = anchorIndex === undefined ? {} : { anchor: all[anchorIndex], anchorOffset };
    const start = anchorIndex === undefined ? ((position ?? 0) < 0 ? Math.max(0, 12 + (position ?? 0)) : (position ?? 0)) : Math.max(0, anchorIndex + anchorOffset);
    const answer = await one('Email/query', { ...search, position, ...anchor, limit, calculateTotal: true });
    expect(answer).toMatchObject({ ids: all.slice(start, limit === undefined ? undefined : start + limit), total: 12 });
  }), { numRuns: 60 });
});

test('a limit that is too high is lowered and announced', async () => {
  const { one, file } = await jmapFixture({ limits: { maxIdsInQuery: 2 } });
  for (const subject of ['alpha', 'beta', 'gamma']) await file(message(subject));
  expect(await one('Email/query', { limit: 50 })).toMatchObject({ ids: [expect.any(String), expect.any(String)], limit: 2 });
  expect(await one('Email/query', { limit: 1 })).not.toHaveProperty('limit');
});

test('queryChanges tells that nothing changed, and else that it cannot tell', async () => {
  const { one, file } = await jmapFixture();
  await file(message('alpha'));
  const { queryState } = await one('Email/query', {});
  expect(await one('Email/queryChanges', { sinceQueryState: queryState })).toMatchObject({ oldQueryState: queryState, newQueryState: queryState, removed: [], added: [] });
  await file(message('beta'));
  expect(await one('Email/queryChanges', { sinceQueryState: queryState })).toMatchObject({ type: 'cannotCalculateChanges' });
});

test('snippets mark what was found and escape the rest', async () => {
  const { one, file } = await jmapFixture();
  const id = await file(message('a <b> alpha'));
  const answer = await one('SearchSnippet/get', { filter: { text: 'ALPHA' }, emailIds: [id, 'gone'] });
  expect(answer).toMatchObject({
    list: [{ emailId: id, subject: 'a &lt;b&gt; <mark>alpha</mark>', preview: 'a &lt;b&gt; <mark>alpha</mark> in the body &amp; &lt;more&gt;' }],
    notFound: ['gone'],
  });
  expect(at(await one('SearchSnippet/get', { filter: { operator: 'NOT', conditions: [{ text: 'x' }] }, emailIds: [id] }), '/list/0')).toEqual({ emailId: id, subject: null, preview: null });
});
