import { expect, test } from '@jest/globals';
import { wkdHash } from './wkd-hash.js';

test.each([
  ['Joe.Doe', 'iy9q119eutrkn8s1mk4r39qejnbu3n5q'], // draft-koch-openpgp-webkey-service §3.1
  ['joe.doe', 'iy9q119eutrkn8s1mk4r39qejnbu3n5q'],
])('the directory name of %s is %s', (localPart, hash) => {
  expect(wkdHash(localPart)).toBe(hash);
});

test('letters outside ASCII are not folded', () => {
  expect(wkdHash('\u00c4')).not.toBe(wkdHash('\u00e4'));
});
