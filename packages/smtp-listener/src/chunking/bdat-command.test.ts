import { expect, test } from '@jest/globals';
import { parseBdat } from './bdat-command.js';

test.each([
  ['BDAT 0', { sizeBytes: 0, isLast: false }],
  ['BDAT 86 LAST', { sizeBytes: 86, isLast: true }],
  ['bdat 007  last ', { sizeBytes: 7, isLast: true }],
  ['BDAT 999999999999999', { sizeBytes: 999_999_999_999_999, isLast: false }],
])('%j is a chunk', (line, chunk) => {
  expect(parseBdat(line)).toEqual(chunk);
});

test.each(['BDAT', 'BDAT ', 'BDAT LAST', 'BDAT -1', 'BDAT +1', 'BDAT 1.5', 'BDAT 0x10', 'BDAT 1e3', 'BDAT 1000000000000000', 'BDAT 1 2', 'BDAT 1 LAST LAST', 'BDAT 1LAST', 'BDAT 1\tLAST', 'BDAT\0 1', 'BDATA 1'])('%j is none', (line) => {
  expect(parseBdat(line)).toBeNull();
});
