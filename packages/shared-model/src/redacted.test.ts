import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { Redacted } from './redacted.js';

test('a redacted value shows itself only when asked', () => {
  const secret = new Redacted('hunter2');
  const printed = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ deep: [secret] }), Object.values(secret).join()].join();
  expect(printed).not.toContain('hunter2');
  expect(secret.reveal()).toBe('hunter2');
});
