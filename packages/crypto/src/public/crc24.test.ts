import { expect, test } from '@jest/globals';
import { crc24 } from './crc24.js';

test.each([
  ['', 'b704ce'],
  ['123456789', '21cf02'], // the check value of CRC-24/OPENPGP in the catalogue of parametrised CRC algorithms
])('the checksum of %p is %s', (text, hex) => {
  expect(Buffer.from(crc24(Buffer.from(text))).toString('hex')).toBe(hex);
});
