import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeEmailDocuments, type EmailDocument, type KeywordMark } from './email.js';

// A clock is made once: the same counter and replica always stand for the same mark.
const clock = fc.record({ counter: fc.nat(5), replica: fc.constantFrom('a', 'b', 'c') });
const markOf = ({ counter, replica }: { counter: number; replica: string }): boolean => (counter + replica.charCodeAt(0)) % 2 === 0;
const keywords = fc.dictionary(fc.constantFrom('$seen', '$flagged', 'work', '__proto__'), clock.map((made) => ({ isSet: markOf(made), clock: made })));
const mailboxes = fc.dictionary(fc.constantFrom('inbox', 'archive'), clock.map((made) => ({ isMember: markOf(made), isDeleted: false, addedAtMs: made.counter, clock: made })));
const emails: fc.Arbitrary<EmailDocument> = fc.record({ emailId: fc.constant('E1'), messageId: fc.constant('M1'), receivedAtMs: fc.nat(9), keywords, mailboxes });

test('two devices come to the same state, whoever merges, in any order, however often', () => {
  fc.assert(fc.property(emails, emails, emails, (a, b, c) => {
    expect(mergeEmailDocuments(a, b)).toEqual(mergeEmailDocuments(b, a));
    expect(mergeEmailDocuments(mergeEmailDocuments(a, b), c)).toEqual(mergeEmailDocuments(a, mergeEmailDocuments(b, c)));
    expect(mergeEmailDocuments(a, a)).toEqual(a);
  }));
});

test('marks of different names are all kept; of one name the later counts', () => {
  const base = { emailId: 'E1', messageId: 'M1', receivedAtMs: 0, mailboxes: {} };
  const mark = (isSet: boolean, counter: number, replica: string): KeywordMark => ({ isSet, clock: { counter, replica } });
  const merged = mergeEmailDocuments(
    { ...base, keywords: { $seen: mark(true, 1, 'a'), $flagged: mark(true, 7, 'a') } },
    { ...base, keywords: { $seen: mark(false, 2, 'b'), work: mark(true, 1, 'b') } },
  );
  expect(Object.entries(merged.keywords).map(([name, { isSet }]) => [name, isSet])).toEqual([['$flagged', true], ['$seen', false], ['work', true]]);
});

test('a keyword named __proto__ is a keyword like any other', () => {
  const keywordsOf = (text: string): EmailDocument['keywords'] => JSON.parse(text) as EmailDocument['keywords'];
  const left = { emailId: 'E1', messageId: 'M1', receivedAtMs: 0, mailboxes: {}, keywords: keywordsOf('{"__proto__":{"isSet":true,"clock":{"counter":1,"replica":"a"}}}') };
  const merged = mergeEmailDocuments(left, { ...left, keywords: {} });
  expect(Object.keys(merged.keywords)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(merged.keywords)).toBe(Object.prototype);
});
