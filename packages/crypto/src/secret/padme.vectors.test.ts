import { expect, test } from '@jest/globals';
import { readSyncVectors } from '@paloma/test-kit';
import { padmeSize } from './padme.js';

test.each(readSyncVectors<{ padme: [number, number][] }>('sealed').padme)('%i octets are padded to %i, as in the vectors', (sizeBytes, paddedBytes) => {
  expect(padmeSize(sizeBytes)).toBe(paddedBytes);
});
