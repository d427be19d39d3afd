import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { armor, dearmor, toBinary } from './armor.js';

property('what was armored comes back', fc.tuple(fc.constantFrom('message', 'signature', 'certificate', 'secretKey'), fc.uint8Array({ minLength: 1, maxLength: 400 })), ([kind, bytes]) => {
  expect(dearmor(armor(kind, bytes))).toEqual({ kind, bytes });
});

property('any text gives a block or null', fc.string().map((text) => `-----BEGIN PGP MESSAGE-----\n${text}\n-----END PGP MESSAGE-----`), (text) => {
  expect(() => dearmor(text)).not.toThrow();
});

test.each([
  ['headers, a checksum and CRLF', '-----BEGIN PGP MESSAGE-----\r\nComment: x\r\nHash: SHA256\r\n\r\naGVs\r\nbG8=\r\n=AbCd\r\n-----END PGP MESSAGE-----\r\n'],
  ['text around', 'see below\n-----BEGIN PGP MESSAGE-----\n\naGVsbG8=\n-----END PGP MESSAGE-----\nbye\n'],
])('a block with %s is read', (_what, text) => {
  expect(dearmor(text)).toEqual({ kind: 'message', bytes: new Uint8Array(Buffer.from('hello')) });
});

test.each([
  ['no end', '-----BEGIN PGP MESSAGE-----\n\naGVsbG8=\n'],
  ['another end', '-----BEGIN PGP MESSAGE-----\n\naGVsbG8=\n-----END PGP SIGNATURE-----\n'],
  ['an unknown label', '-----BEGIN PGP NONSENSE-----\n\naGVsbG8=\n-----END PGP NONSENSE-----\n'],
  ['no empty line', '-----BEGIN PGP MESSAGE-----\naGVsbG8=\n-----END PGP MESSAGE-----\n'],
  ['broken base64', '-----BEGIN PGP MESSAGE-----\n\naGV*bG8=\n-----END PGP MESSAGE-----\n'],
  ['nothing in it', '-----BEGIN PGP MESSAGE-----\n\n\n-----END PGP MESSAGE-----\n'],
  ['no armor', 'hello'],
])('text with %s is no block', (_what, text) => {
  expect(dearmor(text)).toBeNull();
  expect(toBinary(Buffer.from(text))).toBeNull();
});
