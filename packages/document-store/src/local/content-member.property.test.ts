import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { memberReader } from './content-member.js';
import { decodeContent, encodeContent } from './document-content.js';

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 }, fc.string(), fc.string({ minLength: 250, maxLength: 300 }), fc.maxSafeInteger(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null),
    fc.uint8Array({ maxLength: 300 }), fc.array(tie('any'), { maxLength: 30 }), fc.dictionary(fc.string(), tie('any')),
  ),
})).any;
const content = fc.dictionary(fc.string({ maxLength: 30 }), value, { minKeys: 1 });

property('members are what decoding all of it gives', fc.tuple(content, fc.nat()), ([whole, pick]) => {
  const octets = encodeContent(whole);
  const decoded = decodeContent(octets) as Record<string, unknown>;
  const name = Object.keys(decoded)[pick % Object.keys(decoded).length]!;
  expect(memberReader([name, 'not there'])(octets)).toEqual({ [name]: decoded[name] });
  expect(memberReader(Object.keys(decoded))(octets)).toEqual(decoded);
});

test('octets are not copied', () => {
  const octets = encodeContent({ a: new Uint8Array(70_000), b: 1 });
  expect((memberReader(['a'])(octets)['a'] as Uint8Array).buffer).toBe(octets.buffer);
});
