import { expect, test } from '@jest/globals';
import { equalInConstantTime, hashToken } from './stored-token.js';

test('a token is stored as its SHA-256', () => {
  // FIPS 180-4, example "abc"
  expect(Buffer.from(hashToken('abc')).toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test.each([
  ['abc', 'abc', true], ['abc', 'abd', false], ['abc', 'ab', false], ['', '', true], ['abc', Buffer.from('abc'), true],
])('comparing %p and %p gives %p', (a, b, expected) => {
  expect(equalInConstantTime(a, b)).toBe(expected);
});
