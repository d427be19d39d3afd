import { describe, expect, test } from '@jest/globals';
import {
  formatNotify, formatOriginalRecipient, formatRecipientParameters, isEnvelopeId, isOriginalRecipient,
  parseEnvelopeId, parseNotify, parseOriginalRecipient, parseReturnedPart,
} from './dsn-parameters.js';

test.each<[string, string | null]>([['FULL', 'FULL'], ['hdrs', 'HDRS'], ['', null], ['BODY', null], ['FULL,HDRS', null]])('RET=%s', (text, expected) => {
  expect(parseReturnedPart(text)).toBe(expected);
});

test.each<[string, string[] | null]>([
  ['NEVER', []],
  ['never', []],
  ['Success', ['SUCCESS']],
  ['DELAY,FAILURE', ['FAILURE', 'DELAY']],
  ['SUCCESS,SUCCESS', ['SUCCESS']],
  ['', null],
  ['NEVER,SUCCESS', null],
  ['NEVER,NEVER', null],
  ['SUCCESS,', null],
  [',SUCCESS', null],
  ['SUCCESS;DELAY', null],
  ['toString', null],
  ['DELAY,'.repeat(20_000), null],
])('NOTIFY=%.40s', (text, expected) => {
  expect(parseNotify(text)).toEqual(expected);
});

test.each<[string, string | null]>([
  ['QQ314159', 'QQ314159'],
  ['a+2Bb+3Dc+20d', 'a+b=c d'],
  ['x'.repeat(100), 'x'.repeat(100)],
  ['x'.repeat(101), null],
  ['', null],
  ['a b', null],
  ['a=b', null],
  ['a+2b', null],   // RFC 3461 §4: upper case alone
  ['a+2', null],
  ['a+0D+0Ab', null],
  ['a+7F', null],
  ['+C3+BC', null],
  ['\u00fc', null],
])('ENVID=%.40s', (text, expected) => {
  expect(parseEnvelopeId(text)).toBe(expected);
});

describe('ORCPT', () => {
  test.each<[string, string, string]>([
    ['rfc822;b@example.net', 'rfc822;b@example.net', 'rfc822;b@example.net'],
    ['RFC822;a+2Bb@example.net', 'rfc822;a+b@example.net', 'rfc822;a+2Bb@example.net'],
    ['rfc822;"a+20;b"@x', 'rfc822;"a ;b"@x', 'rfc822;"a+20;b"@x'],
    ['rfc822;a\\b', 'rfc822;a\\b', 'rfc822;a\\b'],
    ['utf-8;\u00fc@example.net', 'utf-8;\u00fc@example.net', 'utf-8;\\x{FC}@example.net'],
    ['utf-8;\\x{1F54A}\\x{2B}@x', 'utf-8;\u{1f54a}+@x', 'utf-8;\\x{1F54A}\\x{2B}@x'],
    [`rfc822;${'x'.repeat(493)}`, `rfc822;${'x'.repeat(493)}`, `rfc822;${'x'.repeat(493)}`],
  ])('%.40s is read, and written in ASCII', (text, original, written) => {
    expect(parseOriginalRecipient(text)).toBe(original);
    expect(formatOriginalRecipient(original)).toBe(written);
    expect(isOriginalRecipient(original)).toBe(true);
  });

  test.each([
    [''], ['rfc822'], ['rfc822;'], [';b@x'], ['x400;/c=de'], ['b@example.net'], ['rfc822;b c'], ['rfc822;b=c'], ['rfc822;+0D+0Ax'], ['rfc822;\u00fc@x'], ['rfc822;+C3+BC@x'],
    ['utf-8;'], ['utf-8;a+2Bb'], ['utf-8;\\x{0A}'], ['utf-8;\\x{85}'], ['utf-8;\\x{D800}'], ['utf-8;\\x{110000}'], ['utf-8;\\x{fc}'], ['utf-8;\\xFC'], ['utf-8;\ufffd@x'], ['utf-8;\ud800'],
    [`rfc822;${'x'.repeat(494)}`], [`utf-8;${'\u00fc'.repeat(100)}`],
  ])('%.40s is refused', (text) => {
    expect(parseOriginalRecipient(text)).toBeNull();
  });

  test('of a hostile length costs nothing', () => {
    for (const piece of ['+', '\\x{', '+2', '\u00fc', 'rfc822;']) expect(parseOriginalRecipient(`utf-8;${piece.repeat(100_000)}`)).toBeNull();
  });
});

test('what has no encoding any more is judged by whether it can have one', () => {
  expect(['a b', 'x'.repeat(100), '+'.repeat(33)].map(isEnvelopeId)).toEqual([true, true, true]);
  expect(['', '\r\n', '\u00fc', 'x'.repeat(101), '+'.repeat(34)].map(isEnvelopeId)).toEqual([false, false, false, false, false]);
  expect(['rfc822;a+b@x', 'utf-8;\u00fc\\@x'].map(isOriginalRecipient)).toEqual([true, true]);
  expect(['rfc822;\r\nX: y', 'rfc822;\u00fc@x', 'a@x', 'utf-8;\n'].map(isOriginalRecipient)).toEqual([false, false, false, false]);
});

test('the parameters of a recipient are those that were given', () => {
  expect(formatRecipientParameters({})).toBe('');
  expect(formatRecipientParameters({ notify: [] })).toBe(' NOTIFY=NEVER');
  expect(formatRecipientParameters({ notify: ['SUCCESS', 'DELAY'], originalRecipient: 'rfc822;a+b@x' })).toBe(' NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb@x');
  expect(formatNotify(['FAILURE'])).toBe('FAILURE');
});
