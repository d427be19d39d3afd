import { expect, test } from '@jest/globals';
import { parseMailAddress } from '@paloma/shared-model';
import { fc, property } from '@paloma/test-kit';
import { formatAutocryptHeader, parseAutocryptHeader } from './autocrypt.js';

const address = parseMailAddress('alice@example.org');

/** The value as a message parser gives it: unfolded. */
function valueOf(field: string): string {
  return field.slice('Autocrypt:'.length).replaceAll('\r\n', '').trim();
}

property('a formatted header is read back', fc.uint8Array({ minLength: 1, maxLength: 700 }), (certificate) => {
  expect(parseAutocryptHeader(valueOf(formatAutocryptHeader(address, certificate)))).toEqual({ address, prefersEncryption: true, certificate });
});

property('any text is a header or none', fc.string(), (text) => {
  expect(() => parseAutocryptHeader(`addr=a@example.org; ${text}`)).not.toThrow();
});

test('lines are short and end in CRLF', () => {
  const field = formatAutocryptHeader(address, new Uint8Array(500));
  expect(field.endsWith('\r\n')).toBe(true);
  for (const line of field.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
});

test.each([
  ['the least', 'addr=Alice@Example.org; keydata=aGk=', false],
  ['another order and spaces', ' keydata = aGk= ;prefer-encrypt=mutual; addr=alice@example.org;', true],
  ['an unknown preference', 'addr=alice@example.org; prefer-encrypt=sometimes; keydata=aGk=', false],
  ['an attribute that may be ignored', 'addr=alice@example.org; _color=blue; keydata=aGk=', false],
])('a header with %s is read', (_what, value, prefersEncryption) => {
  expect(parseAutocryptHeader(value)).toEqual({ address, prefersEncryption, certificate: new Uint8Array([0x68, 0x69]) });
});

test.each([
  ['nothing', ''],
  ['no address', 'keydata=aGk='],
  ['no key', 'addr=alice@example.org; prefer-encrypt=mutual'],
  ['an address that is none', 'addr=alice; keydata=aGk='],
  ['an unknown attribute', 'addr=alice@example.org; color=blue; keydata=aGk='],
  ['an attribute twice', 'addr=alice@example.org; addr=mallory@example.org; keydata=aGk='],
  ['broken base64', 'addr=alice@example.org; keydata=a*k='],
  ['too much', `addr=alice@example.org; keydata=${'a'.repeat(200_000)}`],
])('a header with %s counts as absent', (_what, value) => {
  expect(parseAutocryptHeader(value)).toBeNull();
});
