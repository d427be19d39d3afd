import { expect, test } from '@jest/globals';
import { manualClock } from '@paloma/test-kit';
import { LoginThrottle } from './login-throttle.js';

test('ten wrong passwords within a minute block the name, and only that name, until the minute is over', () => {
  const clock = manualClock();
  const throttle = new LoginThrottle(clock);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    expect(throttle.isBlocked('alice')).toBe(false);
    throttle.recordFailure('alice');
  }
  expect([throttle.isBlocked('alice'), throttle.isBlocked('bob')]).toEqual([true, false]);
  clock.advance(60_000);
  expect(throttle.isBlocked('alice')).toBe(false);
});

test('a right password clears the count', () => {
  const throttle = new LoginThrottle(manualClock());
  for (let attempt = 0; attempt < 9; attempt += 1) throttle.recordFailure('alice');
  throttle.recordSuccess('alice');
  throttle.recordFailure('alice');
  expect(throttle.isBlocked('alice')).toBe(false);
});
