// RFC 3461 §4: every octet has a form in xtext, and one that is not its own stands for no other.

import { expect } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { formatOriginalRecipient, isOriginalRecipient, parseOriginalRecipient } from './dsn-parameters.js';
import { formatXtext, parseXtext } from './xtext.js';

const octets = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

property('what is written as xtext is read again', octets, (text) => {
  expect(formatXtext(text)).toMatch(/^[!-<>-~]*$/);
  expect(parseXtext(formatXtext(text))).toBe(text);
});

property('what is read as xtext is what its shortest form says', fc.stringMatching(/^(?:[!-~]|\+[0-9A-F]{2}){0,30}$/), (text) => {
  const read = parseXtext(text);
  if (read === null) expect(text).toMatch(/=|\+(?![0-9A-F]{2})/);
  else expect(formatXtext(read).length).toBeLessThanOrEqual(text.length);
});

property('an original recipient is the same after a command', fc.tuple(fc.constantFrom('rfc822', 'utf-8'), fc.string({ unit: 'grapheme', maxLength: 60 })), ([type, address]) => {
  const original = `${type};${address}`;
  if (isOriginalRecipient(original)) expect(parseOriginalRecipient(formatOriginalRecipient(original))).toBe(original);
});
