import { expect, test } from '@jest/globals';
import { manualClock } from '@paloma/test-kit';
import { RateLimit } from './rate-limit.js';

test('as many as there are in a minute at once, then one by one; each key for itself', () => {
  const clock = manualClock();
  const limit = new RateLimit(3, clock);
  expect([1, 2, 3, 4].map(() => limit.tryCount('a'))).toEqual([true, true, true, false]);
  expect(limit.tryCount('b')).toBe(true);
  clock.advance(20_000);
  expect([limit.tryCount('a'), limit.tryCount('a')]).toEqual([true, false]);
  clock.advance(600_000);
  expect([1, 2, 3, 4].map(() => limit.tryCount('a'))).toEqual([true, true, true, false]);
});

test('of too many keys those seen last are remembered', () => {
  const limit = new RateLimit(1, manualClock());
  limit.tryCount('first');
  for (let key = 0; key < 20_000; key += 1) limit.tryCount(String(key));
  expect([limit.tryCount('first'), limit.tryCount('19999')]).toEqual([true, false]);
});
