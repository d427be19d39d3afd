import { expect, test } from '@jest/globals';
import { fc, property, seededRandom } from '@paloma/test-kit';
import { nextAttemptMs } from './retry-schedule.js';

const HOUR_S = 3600;
const retry = { delaysSeconds: [300, 900, HOUR_S], giveUpAfterSeconds: 5 * 24 * HOUR_S, delayNoticeAfterSeconds: 100, leaseSeconds: 900, pollSeconds: 30 };

test.each([[1, 300], [2, 900], [3, HOUR_S], [4, HOUR_S], [1000, HOUR_S]])('after failure %i the wait is %i s, give or take a tenth', (failedAttempts, seconds) => {
  const waitMs = (nextAttemptMs(retry, failedAttempts, 0, 1000, seededRandom(failedAttempts)) ?? 0) - 1000;
  expect(waitMs).toBeGreaterThanOrEqual(seconds * 900);
  expect(waitMs).toBeLessThanOrEqual(seconds * 1100);
});

property('a message is given up after its time and not before', fc.tuple(fc.nat(1e9), fc.nat(10)), ([ageMs, failures]) => {
  expect(nextAttemptMs(retry, failures + 1, 0, ageMs, seededRandom(1)) === null).toBe(ageMs >= retry.giveUpAfterSeconds * 1000);
});
