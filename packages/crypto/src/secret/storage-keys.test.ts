import { expect, test } from '@jest/globals';
import { StorageKeys } from './storage-keys.js';

const root = new Uint8Array(32);

test.each<[string, [number, Uint8Array][]]>([
  ['none', []],
  ['one before the first epoch', [[1, root], [0, root]]],
  ['one between two epochs', [[1, root], [1.5, root]]],
  ['one of an epoch that no document can name', [[1, root], [2 ** 31, root]]],
  ['one that is too short', [[1, root.subarray(1)]]],
  ['none of the first epoch, and no names', [[2, root]]],
])('of roots, %s is refused', (_name, roots) => {
  expect(() => new StorageKeys(new Map(roots))).toThrow(expect.objectContaining({ code: 'malformed' }));
});

test('the last epoch on the wire is one', () => {
  expect(new StorageKeys(new Map([[1, root], [2 ** 31 - 1, root]])).currentEpoch).toBe(2 ** 31 - 1);
});
