import { expect, test } from '@jest/globals';
import { decodeTransferEncoding } from '@paloma/mail-format';
import { fc, property } from '@paloma/test-kit';
import { decodePieces } from './transfer-decoding.js';

async function* piecesOf(octets: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let index = 0; at < octets.length; index++) {
    const length = lengths[index % lengths.length] ?? octets.length;
    yield octets.subarray(at, at + length);
    at += length;
  }
}

async function decodedInPieces(octets: Uint8Array, encoding: string, lengths: readonly number[]): Promise<string> {
  return Buffer.concat(await Array.fromAsync(decodePieces(piecesOf(octets, lengths), encoding))).toString('latin1');
}

const encoded = fc.array(fc.oneof(
  fc.constantFrom('=', '==', '=\r\n', '=41', '=4', ' ', '\t', '\r\n', '\n', '\r', 'A', 'z', '9', '+', '/', '*', 'QUJD', 'ÿ', '\0'),
  fc.string({ maxLength: 4 }),
), { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

property('any cutting into pieces decodes to the same', fc.tuple(encoded, lengths, fc.constantFrom('base64', 'quoted-printable')), async ([octets, cuts, encoding]) => {
  expect(await decodedInPieces(octets, encoding, cuts)).toBe(Buffer.from(decodeTransferEncoding(octets, encoding)).toString('latin1'));
}, { numRuns: 500 });

test.each([
  ['quoted-printable', 'x='.repeat(200_000)], ['quoted-printable', '=41'.repeat(200_000)], ['quoted-printable', `${' '.repeat(500_000)}=\r\n`],
  ['quoted-printable', 'ab '.repeat(200_000)], ['base64', `A${' '.repeat(500_000)}UJD`], ['base64', 'QUJD'.repeat(100_000)],
])('long lines are cut where nothing is lost: %s', async (encoding, text) => {
  const octets = Buffer.from(text);
  expect(await decodedInPieces(octets, encoding, [100_001]) === Buffer.from(decodeTransferEncoding(octets, encoding)).toString('latin1')).toBe(true);
});
