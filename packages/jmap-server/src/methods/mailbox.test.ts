import { describe, expect, test } from '@jest/globals';
import { at, jmapFixture, textAt } from '../test/jmap-fixture.js';

const MESSAGE = 'From: bob@example.net\nSubject: lunch\n\nAt noon?\n';

test('mailboxes have the last level of their path as name, their parent, role and counts', async () => {
  const { one, file } = await jmapFixture();
  await one('Mailbox/set', { create: { p: { name: 'Projects' }, c: { name: 'Paloma', parentId: '#p' } } });
  await file(MESSAGE);
  const answer = await one('Mailbox/get', {});
  expect(at(answer, '/list')).toEqual(expect.arrayContaining([
    expect.objectContaining({ id: 'inbox', role: 'inbox', parentId: null, totalEmails: 1, unreadEmails: 1, totalThreads: 1, unreadThreads: 1, myRights: expect.objectContaining({ mayRename: false }) }),
    expect.objectContaining({ name: 'Paloma', parentId: expect.any(String), role: null, totalEmails: 0 }),
  ]));
});

test('get answers with the ids and properties asked for, and says what is not there', async () => {
  const { one } = await jmapFixture();
  expect(await one('Mailbox/get', { ids: ['sent', 'gone', 'sent'], properties: ['role'] }))
    .toMatchObject({ list: [{ id: 'sent', role: 'sent' }], notFound: ['gone'] });
});

test('a child may be created before its parent in the same call, and both are destroyed in one', async () => {
  const { one, call } = await jmapFixture();
  const created = await one('Mailbox/set', { create: { child: { name: 'Leaf', parentId: '#top' }, top: { name: 'Root' } } });
  const [leaf, root] = [textAt(created, '/created/child/id'), textAt(created, '/created/top/id')];
  const [, destroyed] = await call(
    ['Mailbox/set', { update: { [leaf]: { name: 'Blossom', isSubscribed: true, sortOrder: 7 } } }],
    ['Mailbox/set', { destroy: [root, leaf] }],
  );
  expect(at(destroyed, '/1/destroyed')).toEqual(expect.arrayContaining([root, leaf]));
});

describe('a mailbox is not created', () => {
  test.each([
    ['without a name', {}, ['name']],
    ['with a slash in its name', { name: 'a/b' }, ['name']],
    ['under a parent that is not there', { name: 'a', parentId: 'gone' }, ['parentId']],
    ['under a creation id of nothing', { name: 'a', parentId: '#gone' }, ['parentId']],
    ['with a name that is taken', { name: 'Sent' }, ['name']],
    ['with an unknown property', { name: 'a', colour: 'red' }, ['colour']],
    ['with counts of its own', { name: 'a', totalEmails: 3 }, ['totalEmails']],
  ])('%s', async (_, object, properties) => {
    const { one } = await jmapFixture();
    expect(await one('Mailbox/set', { create: { k: object } })).toMatchObject({ created: null, notCreated: { k: { type: 'invalidProperties', properties } } });
  });
});

describe('a mailbox is not changed', () => {
  test.each([
    ['that is not there', 'gone', { name: 'x' }, { type: 'notFound' }],
    ['in what the server counts', 'work', { totalEmails: 9 }, { type: 'invalidProperties', properties: ['totalEmails'] }],
    ['by a malformed patch', 'work', { 'name/x': 'y' }, { type: 'invalidPatch' }],
    ['to be its own child', 'work', { parentId: 'work' }, { type: 'invalidProperties', properties: ['parentId'] }],
    ['in its name when it has a role', 'inbox', { name: 'Elsewhere' }, { type: 'forbidden' }],
  ])('%s', async (_, which, patch, error) => {
    const { one } = await jmapFixture();
    const work = textAt(await one('Mailbox/set', { create: { w: { name: 'Work' } } }), '/created/w/id');
    const id = which === 'work' ? work : which;
    const given = Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, value === 'work' ? work : value]));
    expect(at(await one('Mailbox/set', { update: { [id]: given } }), `/notUpdated/${id}`)).toMatchObject(error);
  });
});

test('a mailbox that holds email goes only when its emails may go', async () => {
  const { one, file } = await jmapFixture();
  const work = textAt(await one('Mailbox/set', { create: { w: { name: 'Work' } } }), '/created/w/id');
  await file(MESSAGE, { mailboxIds: [work as never] });
  expect(await one('Mailbox/set', { destroy: [work] })).toMatchObject({ notDestroyed: { [work]: { type: 'mailboxHasEmail' } } });
  expect(await one('Mailbox/set', { destroy: [work], onDestroyRemoveEmails: true })).toMatchObject({ destroyed: [work] });
});

test('changes follow from state to state', async () => {
  const { one } = await jmapFixture();
  const before = textAt(await one('Mailbox/get', { ids: [] }), '/state');
  const created = await one('Mailbox/set', { ifInState: before, create: { w: { name: 'Work' } } });
  const id = textAt(created, '/created/w/id');
  expect(created).toMatchObject({ oldState: before });
  expect(await one('Mailbox/changes', { sinceState: before })).toMatchObject({ oldState: before, newState: textAt(created, '/newState'), created: [id], updated: [], destroyed: [], hasMoreChanges: false, updatedProperties: null });
});

test('query filters, sorts and cuts windows; as a tree on request', async () => {
  const { one } = await jmapFixture();
  const created = await one('Mailbox/set', { create: { b: { name: 'B' }, a: { name: 'A' }, bz: { name: 'Z', parentId: '#b' }, ba: { name: 'Y', parentId: '#b' } } });
  const id = (key: string): string => textAt(created, `/created/${key}/id`);
  const search = { filter: { hasAnyRole: false }, sort: [{ property: 'name', isAscending: true }], calculateTotal: true };
  expect(await one('Mailbox/query', search)).toMatchObject({ ids: [id('a'), id('b'), id('ba'), id('bz')], position: 0, total: 4 });
  expect(await one('Mailbox/query', { ...search, sort: [{ property: 'name', isAscending: false }], sortAsTree: true })).toMatchObject({ ids: [id('b'), id('bz'), id('ba'), id('a')] });
  expect(await one('Mailbox/query', { ...search, filter: { parentId: id('b') }, filterAsTree: true })).toMatchObject({ ids: [], total: 0 });
  expect(await one('Mailbox/query', { ...search, position: -2, limit: 1 })).toMatchObject({ ids: [id('ba')], position: 2 });
  expect(await one('Mailbox/query', { ...search, anchor: id('bz'), anchorOffset: -1 })).toMatchObject({ ids: [id('ba'), id('bz')], position: 2 });
  const state = textAt(await one('Mailbox/query', search), '/queryState');
  expect(await one('Mailbox/queryChanges', { filter: search.filter, sort: search.sort, sinceQueryState: state })).toMatchObject({ removed: [], added: [] });
});
