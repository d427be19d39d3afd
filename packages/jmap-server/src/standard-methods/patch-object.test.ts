import { describe, expect, test } from '@jest/globals';
import { applyPatch } from './patch-object.js';

const current = { name: 'n', keywords: { $seen: true, $flagged: true }, list: [{ a: 1 }] };

describe('a patch', () => {
  test.each([
    ['sets a member', { name: 'm' }, { ...current, name: 'm' }],
    ['adds to an object', { 'keywords/$draft': true }, { ...current, keywords: { ...current.keywords, $draft: true } }],
    ['takes away with null', { 'keywords/$seen': null }, { ...current, keywords: { $flagged: true } }],
    ['replaces an object', { keywords: {} }, { ...current, keywords: {} }],
    ['unescapes names', { 'keywords/a~1b': true }, { ...current, keywords: { ...current.keywords, 'a/b': true } }],
    ['changes nothing when empty', {}, current],
  ])('%s', (_, patch, expected) => {
    expect(applyPatch(current, patch)).toEqual(expected);
  });

  test.each([
    ['whose pointer is a prefix of another', { keywords: {}, 'keywords/$seen': true }],
    ['that reaches into an array', { 'list/0/a': 2 }],
    ['whose parent is not there', { 'flags/$seen': true }],
    ['whose parent is no object', { 'name/x': true }],
    ['that reaches for the prototype', { '__proto__/polluted': true }],
  ])('%s is invalid', (_, patch) => {
    expect(applyPatch(current, patch)).toBeNull();
  });

  test('leaves the original and the prototypes alone', () => {
    applyPatch(current, { 'keywords/$seen': null });
    applyPatch(current, JSON.parse('{"__proto__": {"polluted": true}}') as Record<string, unknown>);
    expect(current.keywords).toEqual({ $seen: true, $flagged: true });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
