import { describe, expect, test } from '@jest/globals';
import { readerOf } from '../test/reader-of.js';
import { CommandReader } from './command-reader.js';
import { readFetchItems } from './fetch-item.js';
import { readSearchKeys } from './search-key.js';
import { decodeModifiedUtf7 } from './modified-utf7.js';

type Read = (reader: CommandReader) => unknown;
const whole = (read: Read): Read => (reader) => {
  const value = read(reader);
  reader.end();
  return value;
};

describe('reads', () => {
  test.each<[name: string, input: string, read: Read, expected: unknown]>([
    ['a quoted string with escapes', '"a\\"b\\\\c"', (r) => r.string(), 'a"b\\c'],
    ['UTF-8 in a quoted string', '"grüße"', (r) => r.string(), 'grüße'],
    ['UTF-8 in a literal', '{7+}\r\ngrüße', (r) => r.string(), 'grüße'],
    ['an astring with a bracket', 'a]b', (r) => r.astring(), 'a]b'],
    ['a list mailbox with wildcards', 'INBOX/%', (r) => r.listMailbox(), 'INBOX/%'],
    ['INBOX in any case', 'iNbOx/a', (r) => r.mailbox(), 'INBOX/a'],
    ['a mailbox that only starts like INBOX', 'inboxes', (r) => r.mailbox(), 'inboxes'],
    ['a mailbox in modified UTF-7', '"Entw&APw-rfe"', (r) => r.mailbox(), 'Entwürfe'],
    ['an empty flag list', '()', (r) => r.flagList(), []],
    ['flags', '(\\Seen $Forwarded)', (r) => r.flagList(), ['\\Seen', '$Forwarded']],
    ['a date', '"1-Feb-1994"', (r) => r.date(), Date.UTC(1994, 1, 1)],
    ['a date-time with a zone', '" 7-Feb-1994 21:52:25 -0800"', (r) => r.dateTime(), Date.UTC(1994, 1, 8, 5, 52, 25)],
    ['a macro', 'FAST', readFetchItems, [{ name: 'FLAGS' }, { name: 'INTERNALDATE' }, { name: 'RFC822.SIZE' }]],
    ['a section', 'BODY.PEEK[1.2.MIME]<5.10>', readFetchItems,
      [{ name: 'SECTION', section: { path: [1, 2], text: { kind: 'MIME' } }, partial: { offset: 5, length: 10 }, isPeek: true, label: 'BODY[1.2.MIME]<5>' }]],
    ['nested search keys', 'OR (SEEN 1:3) NOT FROM "x"', readSearchKeys, {
      key: 'or',
      left: { key: 'and', keys: [{ key: 'keyword', keyword: '$seen' }, { key: 'sequence', set: [{ first: 1, last: 3 }] }] },
      right: { key: 'not', operand: { key: 'text', field: 'from', text: 'x' } },
    }],
    ['SENTON', 'SENTON 3-Mar-2025', readSearchKeys, { key: 'date', field: 'sent', fromMs: Date.UTC(2025, 2, 3), beforeMs: Date.UTC(2025, 2, 4) }],
    ['UNKEYWORD', 'UNKEYWORD Work', readSearchKeys, { key: 'not', operand: { key: 'keyword', keyword: 'work' } }],
    ['MODSEQ with an entry', 'MODSEQ "/flags/\\\\draft" all 620162338', readSearchKeys, { key: 'modSeq', modSeq: 620_162_338 }],
  ])('%s', (_, input, read, expected) => {
    expect(whole(read)(readerOf(input))).toEqual(expected);
  });
});

describe('refuses', () => {
  test.each<[name: string, input: string, read: Read]>([
    ['an open quote', '"abc', (r) => r.string()],
    ['an unknown escape', '"a\\nb"', (r) => r.string()],
    ['NUL', 'a\0b', (r) => r.astring()],
    ['zero in a sequence set', '0:5', (r) => r.sequenceSet()],
    ['a number over 32 bits', '4294967296', (r) => r.sequenceSet()],
    ['an empty range', '1,,2', (r) => r.sequenceSet()],
    ['the 31st of February', '31-Feb-2025', (r) => r.date()],
    ['25 hours', '" 7-Feb-1994 25:52:25 -0800"', (r) => r.dateTime()],
    ['an empty fetch list', '()', readFetchItems],
    ['an unknown fetch item', 'BODIES', readFetchItems],
    ['MIME of the whole message', 'BODY[MIME]', readFetchItems],
    ['a part zero', 'BODY[0]', readFetchItems],
    ['a partial of no octets', 'BODY[]<0.0>', readFetchItems],
    ['an unknown search key', 'NEWEST', readSearchKeys],
    ['OR with one key', 'OR SEEN', readSearchKeys],
    ['nesting without end', '('.repeat(5000), readSearchKeys],
    ['NOT without end', 'NOT '.repeat(5000), readSearchKeys],
    ['two spaces', 'SEEN  DRAFT', readSearchKeys],
    ['a literal8 where a literal is meant', '~{3+}\r\nabc', (r) => r.string()],
    ['too many flags', `(${'a '.repeat(500)}a)`, (r) => r.flagList()],
  ])('%s', (_, input, read) => {
    expect(() => whole(read)(readerOf(input))).toThrow(expect.objectContaining({ code: 'syntax' }));
  });

  test('Latin-1 between quotes', () => { // RFC 6855 §3
    const reader = new CommandReader([{ text: '"gr\xfcn"', literal: null, isLiteral8: false }]);
    expect(() => reader.astring()).toThrow(expect.objectContaining({ code: 'syntax' }));
  });

  test.each(['&', '&AGE-', '&AAA', '&AGEAYg-', '&gv-&-x'])('a second spelling in modified UTF-7: %s', (text) => {
    expect(decodeModifiedUtf7(text)).toBeNull();
  });
});
