import { expect, test } from '@jest/globals';
import { parseOctetRange } from './octet-range.js';

test.each([
  ['bytes=0-1', { from: 0, to: 1 }],
  ['bytes=3-', { from: 3, to: 9 }],
  ['bytes=3-99', { from: 3, to: 9 }],
  ['bytes=-4', { from: 6, to: 9 }],
  ['bytes=-99', { from: 0, to: 9 }],
  ['bytes=9-9', { from: 9, to: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-4', null],
  ['bytes=-', null],
  ['bytes=0-1,3-4', null],
  ['lines=0-1', null],
  [undefined, null],
])('of ten octets, %s is %j', (header, range) => {
  expect(parseOctetRange(header, 10)).toEqual(range);
});
