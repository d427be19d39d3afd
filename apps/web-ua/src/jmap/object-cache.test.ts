import { expect, test } from '@jest/globals';
import { invertPatch, toPatchObject, type EmailPatch } from './email-patch.js';
import { ObjectCache } from './object-cache.js';
import type { Email, EmailId } from './types.js';

const ID = 'e1' as EmailId;
const email = (keywords: string[] = [], mailboxes = ['inbox']): Email => ({
  id: ID, keywords: Object.fromEntries(keywords.map((name) => [name, true])), mailboxIds: Object.fromEntries(mailboxes.map((name) => [name, true])),
}) as unknown as Email;
const cacheWith = (...emails: Email[]): ObjectCache => { const cache = new ObjectCache(); cache.put('Email', emails); return cache; };

test('a change is seen at once and told to those who listen', () => {
  const cache = cacheWith(email());
  let told = 0;
  cache.subscribe(() => { told++; });
  cache.addPending(new Map([[ID, { keywords: { $seen: true }, mailboxIds: { inbox: false, archive: true } }]]));
  expect(cache.get('Email', ID)).toMatchObject({ keywords: { $seen: true }, mailboxIds: { archive: true } });
  expect(cache.get('Email', ID)?.mailboxIds).not.toHaveProperty('inbox');
  expect(told).toBe(1);
});

test('a refused change goes back, an accepted one stays, others on their way are kept', () => {
  const cache = cacheWith(email(['$flagged']));
  const settleRead = cache.addPending(new Map([[ID, { keywords: { $seen: true } }]]));
  const settleStar = cache.addPending(new Map([[ID, { keywords: { $flagged: false } }]]));
  settleRead(new Set());
  expect(cache.get('Email', ID)?.keywords).toEqual({});
  settleStar(new Set([ID]));
  expect(cache.get('Email', ID)?.keywords).toEqual({});
});

test('a pending change stays on top of what the server sends in between', () => {
  const cache = cacheWith(email());
  const settle = cache.addPending(new Map([[ID, { keywords: { $seen: true } }]]));
  cache.put('Email', [email(['$flagged'])]);
  expect(cache.get('Email', ID)?.keywords).toEqual({ $flagged: true, $seen: true });
  settle(new Set());
  expect(cache.get('Email', ID)?.keywords).toEqual({ $flagged: true });
});

test('the same object until something changes, so that React can compare', () => {
  const cache = cacheWith(email());
  cache.addPending(new Map([[ID, { keywords: { $seen: true } }]]));
  expect(cache.get('Email', ID)).toBe(cache.get('Email', ID));
  expect(cache.all('Mailbox')).toBe(cache.all('Mailbox'));
});

test('a new version keeps the content that it does not carry', () => {
  const cache = cacheWith({ ...email(), content: { bodyValues: {} } } as unknown as Email);
  cache.put('Email', [email(['$seen'])]);
  expect(cache.get('Email', ID)).toMatchObject({ content: { bodyValues: {} }, keywords: { $seen: true } });
});

test('the inverse of a patch brings back what was, wherever it changed something', () => {
  const before = email(['$seen'], ['inbox', 'work']);
  expect(invertPatch(before, { keywords: { $seen: false, $flagged: true }, mailboxIds: { inbox: false, archive: true } } as EmailPatch))
    .toEqual({ keywords: { $seen: true, $flagged: false }, mailboxIds: { inbox: true, archive: false } });
});

test('pointers of a PatchObject are escaped (RFC 6901 §3)', () => {
  expect(toPatchObject({ keywords: { 'a/b~c': true }, mailboxIds: { inbox: false } } as EmailPatch)).toEqual({ 'keywords/a~1b~0c': true, 'mailboxIds/inbox': null });
});
