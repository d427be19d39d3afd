import { expect, test } from '@jest/globals';
import { fc, property, processorMs } from '@paloma/test-kit';
import { normalizedSubject } from './normalized-subject.js';

test.each([
  ['plain', 'Lunch', 'Lunch'],
  ['reply', 'Re: Lunch', 'Lunch'],
  ['several prefixes', 'RE: Fwd: re : Lunch', 'Lunch'],
  ['German', 'AW: WG: Lunch', 'Lunch'],
  ['counted reply', 'Re[2]: Lunch', 'Lunch'],
  ['list name', '[gardeners] Lunch', 'Lunch'],
  ['list name before a prefix', '[gardeners] Re: [gardeners] Lunch', 'Lunch'],
  ['list name alone stays', '[gardeners]', '[gardeners]'],
  ['trailing forward mark', 'Lunch (fwd) (FWD)', 'Lunch'],
  ['wrapped forward', '[Fwd: Re: Lunch]', 'Lunch'],
  ['white space', '  Lunch \t at\r\n noon ', 'Lunch at noon'],
  ['words that begin like a prefix', 'Rest: of the day', 'Rest: of the day'],
  ['prefix alone', 'Re:', ''],
  ['empty', '', ''],
])('%s', (_name, subject, expected) => expect(normalizedSubject(subject)).toBe(expected));

property('a normalized subject is normalized already', fc.string({ unit: fc.constantFrom('[', ']', 'R', 'e', ':', ' ', '(fwd)', 'x') }), (subject) => {
  expect(normalizedSubject(normalizedSubject(subject))).toBe(normalizedSubject(subject));
});

test('a hostile subject takes no time', () => {
  const startedAt = processorMs();
  normalizedSubject('[a]'.repeat(100_000) + ' (fwd)'.repeat(100_000));
  expect(processorMs() - startedAt).toBeLessThan(500);
});
