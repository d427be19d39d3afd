import { expect, test } from '@jest/globals';
import { processorMs } from '@paloma/test-kit';
import { linkify } from './linkify.js';

test.each([
  ['see https://a.org/x.', [['https://a.org/x', 'https://a.org/x']]],
  ['(www.a.org)', [['www.a.org', 'https://www.a.org']]],
  ['https://a.org/Dove_(bird), yes', [['https://a.org/Dove_(bird)', 'https://a.org/Dove_(bird)']]],
  ['write to ana@x.org!', [['ana@x.org', 'mailto:ana@x.org']]],
  ['javascript:alert(1) and ftp://x', []],
])('links in %p', (text, expected) => {
  const runs = linkify(text);
  expect(runs.map((run) => run.text).join('')).toBe(text);
  expect(runs.filter(({ url }) => url).map((run) => [run.text, run.url])).toEqual(expected);
});

test('a million dots cost no more than reading them', () => {
  const startMs = processorMs();
  linkify(`https://a.org/${'.'.repeat(1_000_000)}x`);
  expect(processorMs() - startMs).toBeLessThan(1500);
});
