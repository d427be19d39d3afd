// Judged by the implementation of HKDF that is in Node.

import { hkdfSync } from 'node:crypto';
import { expect } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { canon, type CanonicalField } from '../public/canonical.js';
import { expandKey, extractKey, hkdf } from './hkdf.js';

const octets = fc.uint8Array({ maxLength: 100 });
const field = fc.oneof<fc.Arbitrary<CanonicalField>[]>(fc.string(), fc.nat(), octets);

property('a derived key is what HKDF-SHA-256 gives', fc.tuple(octets, octets, fc.array(field, { maxLength: 4 })), ([key, salt, info]) => {
  expect(hkdf(key, salt, ...info)).toEqual(new Uint8Array(hkdfSync('sha256', key, salt, canon(...info), 32)));
});

property('one extracted key serves for any number of names', fc.tuple(octets, fc.array(fc.string(), { maxLength: 5 })), ([key, names]) => {
  const pseudorandomKey = extractKey(key, new Uint8Array());
  for (const name of names) expect(expandKey(pseudorandomKey, name)).toEqual(hkdf(key, new Uint8Array(), name));
});
