import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { formatNetstring, MAX_NETSTRING_BYTES, parseNetstrings } from './netstring.js';

async function* chunked(octets: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let index = 0; at < octets.length; index += 1) {
    const end = at + (sizes[index % sizes.length] ?? 1);
    yield octets.subarray(at, end);
    at = end;
  }
}

async function parse(text: string, sizes: readonly number[] = [1000]): Promise<string[]> {
  return (await Array.fromAsync(parseNetstrings(chunked(Buffer.from(text), sizes)))).map(String);
}

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 5 });
const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
property('what was formatted is parsed, however it is cut', fc.tuple(texts, sizes), async ([written, cuts]) => {
  expect(await parse(written.map((text) => formatNetstring(text).toString()).join(''), cuts)).toEqual(written);
});

test.each([
  ['no length', ':x,'],
  ['a length with a zero in front', '01:x,'],
  ['a length that is no number', '1x:x,'],
  ['a length without an end', '1'.repeat(20)],
  ['a length over the limit', `${MAX_NETSTRING_BYTES + 1}:${'x'.repeat(MAX_NETSTRING_BYTES + 1)},`],
  ['another octet where the comma should be', '1:xy'],
  ['a negative length', '-1:x,'],
])('%s ends it', async (_name, text) => {
  expect(await parse(`1:a,${text}1:b,`, [1])).toEqual(['a']);
});

test('what is not whole at the end is nothing', async () => {
  expect(await parse('1:a,3:bc')).toEqual(['a']);
});
