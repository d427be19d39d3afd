import { expect, test } from '@jest/globals';
import { MAX_ADDRESS_BYTES, canonicalAddress, domainOf, localPartOf, parseMailAddress } from './address.js';

test.each([
  ['an ordinary address', 'alice@example.org', 'alice@example.org'],
  ['a domain in capitals is folded', 'Alice@EXAMPLE.org', 'Alice@example.org'],
  ['all that a dot-string may hold', "!#$%&'*+-/=?^_`{|}~.x@example.org", "!#$%&'*+-/=?^_`{|}~.x@example.org"],
  ['an internationalised local part', 'jörg@example.org', 'jörg@example.org'],
  ['an internationalised domain becomes A-labels', 'a@bücher.example', 'a@xn--bcher-kva.example'],
  ['a domain of one label', 'root@localhost', 'root@localhost'],
])('%s', (_name, text, address) => {
  expect(parseMailAddress(text)).toBe(address);
});

test.each([
  ['nothing', ''], ['no at sign', 'alice'], ['no local part', '@example.org'], ['no domain', 'alice@'], ['a space', 'al ice@example.org'],
  ['a quoted local part', '"al ice"@example.org'], ['a dot first', '.alice@example.org'], ['a dot last', 'alice.@example.org'],
  ['two dots', 'al..ice@example.org'], ['an angle bracket', '<alice@example.org>'], ['a line end', 'alice@example.org\r\nBcc: x@y'],
  ['a NUL', 'ali\0ce@example.org'], ['a domain literal', 'alice@[127.0.0.1]'], ['a label that begins with a hyphen', 'alice@-example.org'],
  ['an empty label', 'alice@example..org'], ['a local part over 64 octets', `${'a'.repeat(65)}@example.org`],
  ['an address over the limit', `${'ö'.repeat(60)}@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.org`],
])('refused: %s', (_name, text) => {
  expect(() => parseMailAddress(text)).toThrow('not a mail address');
});

test('the limit counts octets', () => {
  const text = `a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(60)}`;
  expect(text).toHaveLength(MAX_ADDRESS_BYTES);
  expect(parseMailAddress(text)).toBe(text);
});

test('the error does not repeat the address', () => {
  expect(() => parseMailAddress('secret name@example.org')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') as unknown }));
});

test('the canonical form folds the local part too', () => {
  const address = parseMailAddress('Alice.B@Example.org');
  expect([canonicalAddress(address), localPartOf(address), domainOf(address)]).toEqual(['alice.b@example.org', 'Alice.B', 'example.org']);
});
