import { expect, test } from '@jest/globals';
import { parseMailAddress } from '@paloma/shared-model';
import { manualClock, seededRandom } from '@paloma/test-kit';
import { completeHeader } from './complete-header.js';

const complete = (message: string): string =>
  Buffer.from(completeHeader(Buffer.from(message), parseMailAddress('alice@example.org'), { clock: manualClock(), random: seededRandom(1) })).toString();

test.each<[string, string, RegExp]>([
  ['both', 'Subject: x\r\n\r\ny', /^Date: Thu, 1 Jan 2026 00:00:00 \+0000\r\nMessage-ID: <[\w-]{24}@example\.org>\r\nSubject: x\r\n\r\ny$/],
  ['Message-ID', 'DATE: Thu, 1 Jan 2026 00:00:00 +0000\r\n\r\ny', /^Message-ID: <[^>]+>\r\nDATE: /],
  ['Date', 'message-id: <a@b>\r\n\r\ny', /^Date: [^\r]+\r\nmessage-id: <a@b>/],
  ['nothing', 'Date: x\r\nMessage-ID: <a@b>\r\n\r\ny', /^Date: x\r\nMessage-ID: <a@b>\r\n\r\ny$/],
])('adds %s that is missing', (_what, message, expected) => {
  expect(complete(message)).toMatch(expected);
});

test('fields of the body are not taken for the header\'s', () => {
  expect(complete('Subject: x\r\n\r\nDate: y\r\nMessage-ID: <z>\r\n')).toMatch(/^Date: .*\r\nMessage-ID: /);
});
