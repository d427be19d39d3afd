import { expect, test } from '@jest/globals';
import { encode, rfc8949EncodeOptions } from 'cborg';
import fc from 'fast-check';
import { decodeContent, encodeContent } from './document-content.js';

const keys = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom('__proto__', 'a'.repeat(23), 'a'.repeat(24), 'é'.repeat(12), 'a'.repeat(256)));
const values = fc.oneof(fc.constant(null), fc.boolean(), fc.maxSafeInteger(), fc.double(), fc.constantFrom(23, 24, 255, 256, -257, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32), fc.string({ unit: 'binary' }), fc.string({ minLength: 500, maxLength: 700 }),
  fc.uint8Array(), fc.uint8Array({ minLength: 500, maxLength: 700 }));
const { content } = fc.letrec((tie) => ({
  content: fc.oneof({ depthSize: 'small' }, values, fc.array(tie('content')), fc.dictionary(keys, tie('content'))),
}));

test('content is deterministic CBOR: the octets of RFC 8949 §4.2.1, whatever the order of the members', () => {
  fc.assert(fc.property(content, (value) => {
    const octets = encodeContent(value);
    expect(octets).toEqual(encode(value, rfc8949EncodeOptions));
    expect(encodeContent(decodeContent(octets))).toEqual(octets);
  }));
});

test('a shorter key comes first, and of the same length the one of lower octets', () => {
  expect(Object.keys(decodeContent(encodeContent({ b: 1, aa: 2, é: 3, a: 4 })) as object)).toEqual(['a', 'b', 'aa', 'é']);
});

test('a member that is undefined is left out', () => {
  expect(encodeContent({ a: undefined, b: { é: undefined, c: 1 } })).toEqual(encodeContent({ b: { c: 1 } }));
});
