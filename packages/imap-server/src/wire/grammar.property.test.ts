import { describe, expect } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { formatSearchKey } from '../test/format-search-key.js';
import { readerOf } from '../test/reader-of.js';
import { DAY_MS, formatDateTime, startOfDayMs } from './date-time.js';
import { formatFetchItem, readFetchItems, type FetchItem } from './fetch-item.js';
import { fieldsText, formatBodySection, type BodySection, type SectionText } from './body-section.js';
import { formatFlags } from './flag.js';
import { readFlagSet } from './flag-set.js';
import { matchesListPattern } from './list-pattern.js';
import { formatMailboxName, parseMailboxName } from './mailbox-name.js';
import { parseMessageUrl } from './message-url.js';
import { decodeModifiedUtf7, encodeModifiedUtf7 } from './modified-utf7.js';
import { formatResultRange, readResultRange } from './result-range.js';
import { readSearchKeys, type SearchKey } from './search-key.js';
import { formatNumbers, formatNumbersInOrder, formatSequenceSet, parseSequenceSet, rangesContain, resolveSequenceSet, type SequenceNumber } from './sequence-set.js';
import { formatAString, formatNString, formatString, formatUtf8AString } from './string.js';

const number = fc.integer({ min: 1, max: 4_294_967_295 });
const sequenceNumber: fc.Arbitrary<SequenceNumber> = fc.oneof(number, fc.constant('*' as const));
const range = fc.tuple(sequenceNumber, sequenceNumber).map(([first, last]) => ({ first, last }));
const sequenceSet = fc.array(range, { minLength: 1, maxLength: 20 });
const text = fc.oneof(fc.string({ maxLength: 50 }), fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('NIL', 'nil', '', '{3}', 'a"b\\c', 'x'.repeat(2000)));
const atom = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/);

const sectionText: fc.Arbitrary<SectionText | null> = fc.oneof(
  fc.constant(null),
  fc.constantFrom('HEADER' as const, 'TEXT' as const).map((kind) => ({ kind })),
  fc.tuple(fc.constantFrom('HEADER.FIELDS' as const, 'HEADER.FIELDS.NOT' as const), fc.array(fc.oneof(atom, text.filter((name) => !name.includes('\0'))), { minLength: 1, maxLength: 4 }))
    .map(([kind, fieldNames]) => fieldsText(kind, fieldNames)),
);
const section: fc.Arbitrary<BodySection> = fc.record({ path: fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 5 }), text: sectionText });
const fetchItem: fc.Arbitrary<FetchItem> = fc.oneof(
  fc.constantFrom('FLAGS', 'UID', 'ENVELOPE', 'BODY', 'BODYSTRUCTURE', 'RFC822.SIZE', 'MODSEQ', 'EMAILID', 'PREVIEW').map((name) => ({ name }) as FetchItem),
  fc.record({ path: fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 3 }) }).map(({ path }): FetchItem => ({ name: 'BINARY.SIZE', section: { path, text: null }, label: `BINARY.SIZE[${path.join('.')}]` })),
  fc.record({ section, isPeek: fc.boolean(), partial: fc.option(fc.record({ offset: fc.nat(), length: fc.integer({ min: 1, max: 1000 }) })) }).map((item): FetchItem => ({
    name: 'SECTION', ...item, label: `BODY${formatBodySection(item.section)}${item.partial ? `<${item.partial.offset}>` : ''}`,
  })),
);

const wellFormed = text.filter((value) => !value.includes('\0') && value.isWellFormed());
const dayMs = fc.integer({ min: 0, max: 40_000 }).map((day) => day * DAY_MS);
const dateKey = fc.tuple(fc.constantFrom('received' as const, 'sent' as const, 'saved' as const), dayMs, fc.constantFrom('before', 'on', 'since')).map(([field, day, word]): SearchKey => ({
  key: 'date', field, fromMs: word === 'before' ? null : day, beforeMs: word === 'since' ? null : word === 'on' ? day + DAY_MS : day,
}));
const keyword = fc.stringMatching(/^[$a-z][a-z0-9-]{0,11}$/);
const simpleKey: fc.Arbitrary<SearchKey> = fc.oneof(
  fc.constantFrom<SearchKey>({ key: 'all' }, { key: 'none' }, { key: 'deleted' }),
  fc.record({ key: fc.constantFrom('sequence' as const, 'uid' as const), set: fc.oneof(sequenceSet, fc.constant('$' as const)) }),
  fc.record({ key: fc.constant('keyword' as const), keyword }),
  fc.record({ key: fc.constantFrom('larger' as const, 'smaller' as const), sizeBytes: fc.nat() }),
  fc.record({ key: fc.constantFrom('older' as const, 'younger' as const), seconds: fc.nat() }),
  fc.record({ key: fc.constant('modSeq' as const), modSeq: fc.maxSafeNat() }),
  fc.record({ key: fc.constantFrom('emailId' as const, 'threadId' as const), id: atom }),
  fc.record({ key: fc.constant('text' as const), field: fc.constantFrom('text' as const, 'body' as const, 'from' as const, 'subject' as const), text: wellFormed }),
  fc.record({ key: fc.constant('header' as const), fieldName: atom, text: wellFormed }),
  dateKey,
);
const { key: searchKey } = fc.letrec<{ key: SearchKey }>((tie) => ({
  key: fc.oneof({ depthSize: 'small', withCrossShrink: true }, simpleKey,
    fc.record({ key: fc.constant('and' as const), keys: fc.array(tie('key'), { minLength: 2, maxLength: 4 }) }),
    fc.record({ key: fc.constant('or' as const), left: tie('key'), right: tie('key') }),
    fc.record({ key: fc.constant('not' as const), operand: tie('key') })),
}));
const resultRange = fc.tuple(number, number, fc.boolean()).map(([a, b, isFromEnd]) => ({ first: Math.min(a, b), last: Math.max(a, b), isFromEnd }));

/** Literals of the formatter are synchronizing; the reader's test frames them all the same. */
describe('what is formatted is parsed to the same', () => {
  property('string', text.filter((value) => !value.includes('\0')), (value) => expect(readerOf(formatString(value)).string()).toBe(value));
  property('astring', text.filter((value) => !value.includes('\0')), (value) => expect(readerOf(formatAString(value)).astring()).toBe(value));
  property('nstring', fc.option(text.filter((value) => !value.includes('\0'))), (value) => expect(readerOf(formatNString(value)).nstring()).toBe(value));
  property('sequence set', sequenceSet, (set) => expect(parseSequenceSet(formatSequenceSet(set))).toEqual(set));
  property('numbers', fc.uniqueArray(number), (numbers) => {
    const ascending = numbers.sort((a, b) => a - b);
    if (ascending.length === 0) return expect(formatNumbers(ascending)).toBe('');
    const ranges = resolveSequenceSet(readerOf(formatNumbers(ascending)).sequenceSet() as never, 1);
    expect(ranges.reduce((sum, { low, high }) => sum + high - low + 1, 0)).toBe(ascending.length);
    expect(ascending.every((value) => rangesContain(ranges, value))).toBe(true);
  });
  property('search key', searchKey, (key) => expect(readSearchKeys(readerOf(formatSearchKey(key)))).toEqual(key));
  property('range of results', resultRange, (range) => expect(readResultRange(readerOf(formatResultRange(range)))).toEqual(range));
  property('numbers in any order', fc.uniqueArray(fc.integer({ min: 1, max: 30 })), (numbers) => {
    const set = formatNumbersInOrder(numbers);
    if (numbers.length === 0) return expect(set).toBe('');
    const told = (parseSequenceSet(set) as { first: number; last: number }[]).flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
    expect(told).toEqual(numbers);
  });
  property('flags', fc.record({ keywords: fc.uniqueArray(fc.oneof(keyword, fc.constantFrom('$seen', '$draft'))), isDeleted: fc.boolean() }), (flags) => {
    expect(readFlagSet(readerOf(formatFlags(flags)))).toEqual(flags);
  });
  property('UTF-8 string', wellFormed, (value) => expect(readerOf(formatUtf8AString(value)).astring()).toBe(value));
  property('URL of a message', fc.record({ name: wellFormed.filter((name) => name !== '' && !name.startsWith('/')), uid: number, uidValidity: fc.option(number), path: fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 3 }) }), ({ name, uid, uidValidity, path }) => {
    const url = `/${encodeURIComponent(name)}${uidValidity === null ? '' : `;UIDVALIDITY=${uidValidity}`}/;UID=${uid}${path.length > 0 ? `/;SECTION=${path.join('.')}` : ''}`;
    expect(parseMessageUrl(url)).toEqual({ mailboxName: parseMailboxName(name, { isUtf8: true }), uid, uidValidity, section: { path, text: null }, partial: null });
  });
  property('fetch items', fc.array(fetchItem, { minLength: 1, maxLength: 5 }), (items) => {
    expect(readFetchItems(readerOf(`(${items.map(formatFetchItem).join(' ')})`))).toEqual(items);
  });
  property('mailbox name', fc.string({ unit: 'grapheme', maxLength: 30 }), (name) => {
    const stored = parseMailboxName(name.normalize('NFC').replaceAll('&', '&-'));
    for (const isUtf8 of [false, true]) {
      const text = readerOf(formatMailboxName(stored, { isUtf8 })).astring();
      expect(parseMailboxName(text, { isUtf8 })).toBe(stored);
    }
  });
  property('modified UTF-7, lone surrogates too', fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), (name) => {
    expect(decodeModifiedUtf7(encodeModifiedUtf7(name))).toBe(name);
    expect(encodeModifiedUtf7(name)).toMatch(/^[\x20-\x7e]*$/);
  });
  property('date-time', fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
    expect(readerOf(formatDateTime(seconds * 1000)).dateTime()).toBe(seconds * 1000);
  });
});

property('a day starts at most a day before any of its moments', fc.integer({ min: -1e12, max: 1e13 }), (atMs) => {
  expect(atMs - startOfDayMs(atMs)).toBeGreaterThanOrEqual(0);
  expect(atMs - startOfDayMs(atMs)).toBeLessThan(DAY_MS);
});

property('a resolved set holds exactly the numbers of its ranges', fc.tuple(fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })), { minLength: 1 }), fc.integer({ min: 1, max: 30 })), ([pairs, value]) => {
  const ranges = resolveSequenceSet(pairs.map(([first, last]) => ({ first, last })), 30);
  const isMeant = pairs.some(([a, b]) => Math.min(a, b) <= value && value <= Math.max(a, b));
  expect(rangesContain(ranges, value)).toBe(isMeant);
});

property('a list pattern matches as the regular expression of the same meaning does', fc.tuple(fc.stringMatching(/^[ab/]{0,8}$/), fc.stringMatching(/^[ab/%*]{0,6}$/)), ([name, pattern]) => {
  const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('%', '[^/]*')}$`);
  expect(matchesListPattern(name, pattern)).toBe(expression.test(name));
});
