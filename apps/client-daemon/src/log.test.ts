import { expect, test } from '@jest/globals';
import { describeError } from './log.js';

test('of an error its kind, code and place are noted, never what it says', () => {
  const cause = Object.assign(new RangeError('alice@example.org wrote "secret"'), { code: 'ESECRET' });
  const described = describeError(new Error('could not file "secret"', { cause }));
  expect(described).toMatchObject({ name: 'Error', cause: { name: 'RangeError', code: 'ESECRET' } });
  expect((described as { frames: string[] }).frames[0]).toContain('log.test');
  expect(JSON.stringify(described)).not.toMatch(/secret"|alice/);
});

test('what is no error is described too', () => {
  expect([describeError('secret'), describeError(undefined)]).toEqual([{ name: 'undefined', frames: [] }, { name: 'undefined', frames: [] }]);
});
