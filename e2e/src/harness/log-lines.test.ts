import { expect, test } from '@jest/globals';
import { isNamingSomebody } from './log-lines.js';

test.each([
  ['a mail address', '{"to":"alice@paloma.test"}', true],
  ['a peer', '{"peer":"192.0.2.1"}', true],
  ['a peer of IPv6', '{"peer":"2001:db8::1"}', true],
  ['this machine', 'connect ECONNREFUSED ::1', true],
  ['a pseudonym', '{"level":30,"time":1764464400000,"peer":"aB3_-x9Zq0","route":"/v1/blobs/:namespace/:blobId"}', false],
  ['a place in a program', '    at run (file:///srv/node_modules/@nestjs/core/router.js:12:34)', false],
  ['a version', 'node 24.18.0', false],
])('whether a line of the log names somebody: %s', (_name, line, isNaming) => {
  expect(isNamingSomebody(line)).toBe(isNaming);
});
