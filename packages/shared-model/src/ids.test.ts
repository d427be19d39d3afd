import { expect, test } from '@jest/globals';
import { parseAccountId, parseBlobId, parseBlobNamespace, parseDocumentId, parseEmailId, parseFingerprint, parseGeneration, parseOpaqueDocumentId, typeOfDocumentId } from './ids.js';

test.each<[string, (text: string) => unknown, string]>([
  ['account id', parseAccountId, 'Az09_-Az09_-Az09_-Az09'],
  ['blob id', parseBlobId, 'a'.repeat(43)],
  ['blob namespace', parseBlobNamespace, 'mail-2'],
  ['logical document id', parseDocumentId, 'message-content:M1_x'],
  ['trust document of an address', parseDocumentId, 'trust:alice+x@example.org'],
  ['opaque document id', parseOpaqueDocumentId, 'b'.repeat(32)],
  ['email id', parseEmailId, 'E1'],
])('%s', (_name, parse, text) => {
  expect(parse(text)).toBe(text);
});

test.each<[string, (text: string) => unknown, string]>([
  ['an account id that is a path', parseAccountId, '../../../../etc/passwd.'],
  ['a blob id of one character less', parseBlobId, 'a'.repeat(42)],
  ['a namespace with a slash', parseBlobNamespace, 'a/b'],
  ['a namespace of dots', parseBlobNamespace, '..'],
  ['a document id without a type', parseDocumentId, ':x'],
  ['a document id without a local part', parseDocumentId, 'email:'],
  ['a JMAP id with a space', parseEmailId, 'E 1'],
  ['a JMAP id that is too long', parseEmailId, 'E'.repeat(65)],
  ['a short fingerprint', parseFingerprint, 'ABCD1234'],
])('refused: %s', (_name, parse, text) => {
  expect(() => parse(text)).toThrow('not a valid');
});

test('a fingerprint may be written in groups and in any case', () => {
  expect(parseFingerprint('0123 4567 89ab cdef 0123  4567 89AB CDEF 0123 4567')).toBe('0123456789ABCDEF0123456789ABCDEF01234567');
});

test.each([-1, 1.5, Number.NaN, 2 ** 53])('%p is no generation', (value) => {
  expect(() => parseGeneration(value)).toThrow('Generation');
});

test('the type of a document id is what stands before the colon', () => {
  expect(typeOfDocumentId(parseDocumentId('message-content:M1'))).toBe('message-content');
});
