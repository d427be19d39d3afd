import { expect, test } from '@jest/globals';
import { retryDelayMs } from './retry-schedule.js';

test('waits grow from seconds to an hour and stay there', () => {
  const delays = Array.from({ length: 20 }, (_, index) => retryDelayMs(index + 1));
  expect(delays.slice(0, 3)).toEqual([10_000, 30_000, 60_000]);
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  expect(delays.at(-1)).toBe(3_600_000);
});
