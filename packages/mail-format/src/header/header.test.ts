import { describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { encodeUtf8 } from '../octets/octets.js';
import { flattenAddresses, parseAddressList } from './address-list.js';
import { baseSubject } from './base-subject.js';
import { formatDate, parseHeaderDate } from './date-time.js';
import { addTraceHeader, removeAuthenticationResults, removeBcc } from './edit-header.js';
import { encodeHeaderText } from './encode-header-text.js';
import { decodeHeaderText } from './encoded-word.js';
import { foldHeader } from './fold-header.js';
import { formatAddressList } from './format-address-list.js';
import { formatParameter } from './format-parameter.js';
import { findField, parseHeaderBlock } from './header-field.js';
import { parseMessageId, parseMessageIdList } from './message-id-list.js';
import { parseParameterizedValue } from './parameterized-value.js';

const textOf = (octets: Uint8Array): string => Buffer.from(octets).toString('utf8');
const valueAfterFolding = (name: string, value: string): string => findField(parseHeaderBlock(encodeUtf8(foldHeader(name, value))), name)?.text ?? '';

describe('header block', () => {
  test('fields keep their octets, and their text is unfolded', () => {
    const block = encodeUtf8('A: one\r\n two\r\nB :three\nnot a field\r\nA: four\r\n\r\nC: body');
    const fields = parseHeaderBlock(block);
    expect(fields.map(({ name, text }) => [name, text])).toEqual([['A', 'one two'], ['B', 'three'], ['A', 'four']]);
    expect(fields.map(({ offset, sizeBytes }) => textOf(block.subarray(offset, offset + sizeBytes)))).toEqual(['A: one\r\n two\r\n', 'B :three\n', 'A: four\r\n']);
    expect(textOf(fields[0]?.value ?? new Uint8Array())).toBe(' one\r\n two');
  });

  test.each([
    ['UTF-8 as it is', Uint8Array.of(0x53, 0x3a, 0xc3, 0xbc), 'ü'],
    ['other 8-bit octets as windows-1252', Uint8Array.of(0x53, 0x3a, 0xfc), 'ü'],
    ['NUL left out', Uint8Array.of(0x53, 0x3a, 0x61, 0, 0x62), 'ab'],
  ])('text has %s', (_name, octets, text) => {
    expect(parseHeaderBlock(octets)[0]?.text).toBe(text);
  });
});

describe('encoded-words', () => {
  test.each([
    ['plain text', 'a =? b', 'a =? b'],
    ['Q with underscores', '=?utf-8?q?a_b=3D?=', 'a b='],
    ['white space between words dropped', '=?utf-8?q?a?=  =?iso-8859-1?q?=FC?= b', 'aü b'],
    ['a character cut in two', '=?utf-8?b?w5w=?= =?utf-8?q?b=C3?= =?utf-8?q?=BC?=', 'Übü'],
    ['an unknown charset read as it can be', '=?x-none?q?=FC?=', 'ü'],
    ['a Japanese charset', '=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['no line end smuggled in', '=?utf-8?q?a=0D=0ABcc:_b?=', 'a  Bcc: b'],
    ['malformed left alone', '=?utf-8?x?a?=', '=?utf-8?x?a?='],
  ])('%s', (_name, text, decoded) => {
    expect(decodeHeaderText(text)).toBe(decoded);
  });

  property('what is encoded and folded is read back', fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
    const expected = text.replace(/[\r\n\0]+/g, ' ');
    const lines = foldHeader('Subject', encodeHeaderText(text)).split('\r\n');
    expect(lines.every((line) => line.length <= 998)).toBe(true);
    expect(decodeHeaderText(valueAfterFolding('Subject', encodeHeaderText(text)))).toBe(expected);
  });
});

describe('parameters', () => {
  test.each([
    ['quoted, escaped', 'text/plain; name="a\\"b;c"', { name: 'a"b;c' }],
    ['unquoted with spaces', 'x/y; filename=my file.txt; a=b', { filename: 'my file.txt', a: 'b' }],
    ['a comment', 'text/plain; charset=us-ascii (plain text)', { charset: 'us-ascii' }],
    ['RFC 2231 charset', "x/y; name*=iso-8859-1'de'%FCber.txt", { name: 'über.txt' }],
    ['RFC 2231 continuations out of order', "x/y; n*1=\"b\"; n*0*=utf-8''%C3; n*2*=%41", { n: '\ufffdbA' }],
    ['a gap ends a continuation', 'x/y; n*0=a; n*2=c', { n: 'a' }],
    ['the extended form wins', "x/y; name=plain; name*=utf-8''%E2%82%AC", { name: '€' }],
    ['encoded-words in a file name', 'x/y; name="=?utf-8?q?=E2=82=AC.txt?="', { name: '€.txt' }],
    ['the first of two', 'x/y; a=1; a=2', { a: '1' }],
    ['never closed quotes', 'x/y; a="b; c=d', { a: 'b; c=d' }],
    ['no names that reach into objects', 'x/y; __proto__=a; constructor=b', { constructor: 'b' }],
  ])('%s', (_name, text, parameters) => {
    expect({ ...parseParameterizedValue(text).parameters }).toEqual(parameters);
  });

  property('a written parameter is read back', fc.string({ unit: 'binary', maxLength: 300 }).filter((text) => !/[\r\n\0\ud800-\udfff]|=\?/.test(text)), (value) => {
    const folded = `X: a/b${formatParameter('filename', value)}\r\n`;
    expect(folded.split('\r\n').every((line) => line.length <= 100)).toBe(true);
    expect(parseParameterizedValue(parseHeaderBlock(encodeUtf8(folded))[0]?.text ?? '').parameters['filename']).toBe(value);
  });
});

describe('address lists', () => {
  const read = (text: string): unknown => flattenAddresses(parseAddressList(text)).map(({ name, address }) => [name, address]);
  test.each([
    ['bare', 'a@b.example', [[null, 'a@b.example']]],
    ['display name with a dot', 'John Q. Public <j@b>', [['John Q. Public', 'j@b']]],
    ['quoted name with a comma', '"Public, J\\"Q" <j@b>, k@b', [['Public, J"Q', 'j@b'], [null, 'k@b']]],
    ['comment as name', 'j@b (John (Q) Public)', [['John (Q) Public', 'j@b']]],
    ['obsolete route', '<@x,@y:j@b>', [[null, 'j@b']]],
    ['spaces around at', 'j . k @ b . example', [[null, 'j.k@b.example']]],
    ['quoted local part', '"a b"@c', [[null, '"a b"@c']]],
    ['domain literal', 'a@[192.0.2.1]', [[null, 'a@[192.0.2.1]']]],
    ['list tag in a name', '[List] Name <a@b>', [['[List] Name', 'a@b']]],
    ['empty group', 'undisclosed-recipients:;', []],
    ['group then address', 'g: a@b, c@d; e@f', [[null, 'a@b'], [null, 'c@d'], [null, 'e@f']]],
    ['empty members', ', ,a@b,,', [[null, 'a@b']]],
    ['null path', '<>', []],
    ['no domain', 'root', [[null, 'root']]],
    ['unclosed angle', 'A <a@b', [['A', 'a@b']]],
    ['address twice', 'a@evil.example <a@good.example>', [['a@evil.example', 'a@good.example']]],
    ['encoded name', '=?utf-8?q?J=C3=BC?= <j@b>', [['Jü', 'j@b']]],
    ['encoded name cannot hide an address', '=?utf-8?q?x_=3Ca=40b=3E=2C?= <j@b>', [['x <a@b>,', 'j@b']]],
  ])('%s', (_name, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  const anyName = fc.string({ unit: 'grapheme-composite', maxLength: 40 }).map((name) => name.replace(/[\r\n\0]/g, '').replace(/\s+/g, ' ').trim()).filter((name) => !name.includes('=?'));
  property('a written list is read back', fc.array(anyName, { minLength: 1, maxLength: 5 }), (displayNames) => {
    const list = displayNames.map((name, index) => ({ name, address: `user${index}@host.example` }));
    const text = valueAfterFolding('To', formatAddressList(list));
    expect(read(text)).toEqual(list.map(({ name, address }) => [name === '' ? null : name, address]));
  });

  test.each(['a@b>, <c@d', 'a@b\r\nBcc: c@d', 'a', 'a@b,c@d', 'a b@c'])('refuses to write %j as one address', (address) => {
    expect(() => formatAddressList([{ address }])).toThrow('not an address');
  });
});

describe('dates', () => {
  test.each([
    ['the standard form', 'Thu, 1 Jan 2026 12:00:00 +0130', '2026-01-01T10:30:00Z'],
    ['no day, no seconds, named zone', '1 Jan 2026 12:00 EST', '2026-01-01T17:00:00Z'],
    ['two-digit year', 'Fri, 31 Dec 99 23:59:59 GMT', '1999-12-31T23:59:59Z'],
    ['comments', 'Thu, 1 Jan 2026 (new) 12:00:00 +0000 (UTC)', '2026-01-01T12:00:00Z'],
    ['leap second', '31 Dec 2016 23:59:60 +0000', '2016-12-31T23:59:59Z'],
  ])('%s', (_name, text, iso) => {
    expect(parseHeaderDate(text)?.epochMs).toBe(Date.parse(iso));
  });

  test.each(['', 'yesterday', '31 Feb 2026 00:00:00 +0000', '1 Jan 2026 25:00:00 +0000', '1 Foo 2026 00:00:00 +0000'])('%j is no date', (text) => {
    expect(parseHeaderDate(text)).toBeNull();
  });

  property('a written date is read back', fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
    expect(parseHeaderDate(formatDate(seconds * 1000))?.epochMs).toBe(seconds * 1000);
  });
});

test('message ids are read without brackets and inner white space', () => {
  expect(parseMessageIdList('<a@b>\t<c@\r\n d> junk <>')).toEqual(['a@b', 'c@d']);
  expect(parseMessageId('bare@id')).toBe('bare@id');
  expect(parseMessageId('')).toBeNull();
});

test.each([
  ['Re: Re[2]: Hello', 'Hello'], ['RE: [list] Re: Hello (fwd)', 'Hello'], ['[Fwd: AW: Hello]', 'Hello'], ['[only]', '[only]'], ['Regards: x', 'Regards: x'], ['Re:', ''],
])('base subject of %j is %j', (subject, base) => {
  expect(baseSubject(subject)).toBe(base);
});

describe('editing', () => {
  test('Bcc goes, folded and repeated, and nothing else changes', () => {
    const message = encodeUtf8('From: a@b\nBcc: x@y,\r\n z@y\r\nbCC: q@y\nSubject: s\r\nResent-Bcc: r@y\r\n\r\nBcc: body\n');
    expect(textOf(removeBcc(message))).toBe('From: a@b\nSubject: s\r\n\r\nBcc: body\n');
  });

  test('Bcc goes even after more fields than a reader looks at', () => {
    const message = encodeUtf8(`${'X: y\r\n'.repeat(3000)}Bcc: secret@y\r\n\r\n`);
    expect(textOf(removeBcc(message))).not.toContain('secret');
  });

  test.each([
    ['mx.example.org; dmarc=pass', true], ['MX.Example.ORG 1; none', true], ['(c) "mx.example.org"(c);\r\n spf=pass', true], ['mx.example.org', true],
    ['other.example; mx.example.org', false], ['mx.example.org.evil; none', false],
  ])('an authentication result of %j: is ours %s', (value, isOurs) => {
    const message = encodeUtf8(`A: b\r\nauthentication-results: ${value}\r\n\r\nbody`);
    expect(textOf(removeAuthenticationResults(message, 'mx.example.org'))).toBe(isOurs ? 'A: b\r\n\r\nbody' : textOf(message));
  });

  test('trace fields are put on top and cannot carry a line end', () => {
    const traced = addTraceHeader(encodeUtf8('A: b\r\n\r\n'), [{ name: 'Return-Path', value: '<x@y>\r\nEvil: 1' }]);
    expect(textOf(traced)).toBe('Return-Path: <x@y> Evil: 1\r\nA: b\r\n\r\n');
  });
});

// Each of these takes minutes where a reader backtracks.
describe('hostile header values are read in linear time', () => {
  const units = ['"', '(', '\\', '<', '[', ',', ':', ';', '=?', '=?a?q?', ' ', ' (', 'a=', ';a*0*=', '%', 'Re:', '[a]', '1 Jan ', '@', 'a <b@c>, '];
  test.each(units)('made of %j', (unit) => {
    const text = unit.repeat(Math.ceil(600_000 / unit.length));
    for (const read of [parseAddressList, decodeHeaderText, parseParameterizedValue, parseHeaderDate, parseMessageIdList, baseSubject]) read(text);
    foldHeader('X', text);
    expect(parseHeaderBlock(encodeUtf8(`X: ${text}`))).toHaveLength(1);
  }, 5_000);
});
