import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { readContent } from './content-reader.js';
import { decodeContent, encodeContent } from './document-content.js';

const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 30 }), fc.string({ minLength: 250, maxLength: 300 }), fc.constantFrom('', '__proto__', 'a'.repeat(24), 'a'.repeat(25), 'é'.repeat(12)));
const numbers = fc.oneof(fc.maxSafeInteger(), fc.double(), fc.constantFrom(23, 24, 255, 256, -1, -24, -25, -257, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 60, -(2 ** 53), 1.5, Infinity));
const leaves = fc.oneof(fc.constant(null), fc.boolean(), numbers, texts, fc.uint8Array({ maxLength: 300 }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const { content } = fc.letrec((tie) => ({
  content: fc.oneof({ depthSize: 'small' }, leaves, fc.array(tie('content'), { maxLength: 30 }), fc.dictionary(texts, tie('content'), { maxKeys: 30 })),
}));

property('what stands in the table reads as if it had come from outside', content, (value) => {
  const octets = encodeContent(value);
  expect(readContent(octets)).toStrictEqual(decodeContent(octets));
});

test('octets are not copied', () => {
  const octets = encodeContent({ a: [new Uint8Array(70_000)] });
  expect((readContent(octets) as { a: Uint8Array[] }).a[0]!.buffer).toBe(octets.buffer);
});

test('texts that share a place are not taken for one another', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `$keyword-${index}`);
  const whole = encodeContent(Object.fromEntries(names.map((name, index) => [name, index])));
  for (let round = 0; round < 2; round += 1) expect(readContent(whole)).toStrictEqual(decodeContent(whole));
});
