import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { concatOctets, encodeUtf8 } from '../octets/octets.js';
import { anyMessageOctets } from '../test/message-octets.arbitrary.js';
import { parseMessage } from '../structure/parse-message.js';
import { isNamed, parseHeaderBlock } from './header-field.js';
import { selectFields } from './select-fields.js';

const select = (block: Uint8Array, names: string[], areExcluded = false) => concatOctets(selectFields(block, { names: new Set(names), areExcluded }));
const text = (octets: Uint8Array) => Buffer.from(octets).toString('latin1');

test.each<[string, string, string[], string]>([
  ['whole fields, folded lines with them', 'A: 1\r\nB: 2\r\n 3\r\nC: 4\r\n\r\n', ['b'], 'B: 2\r\n 3\r\n\r\n'],
  ['all fields of a name, in order', 'A: 1\r\nB: 2\r\na : 3\r\n\r\n', ['a'], 'A: 1\r\na : 3\r\n\r\n'],
  ['letters alone are the same in both cases', 'B[: 1\r\nB@: 2\r\nB{: 3\r\naZ: 4\r\n\r\n', ['b{', 'b`', 'az'], 'B{: 3\r\naZ: 4\r\n\r\n'],
  ['names as long as they are', `${'X'.repeat(300)}: 1\r\nX: 2\r\n\r\n`, ['x'.repeat(300)], `${'X'.repeat(300)}: 1\r\n\r\n`],
  ['no field', 'A: 1\r\n\r\n', ['x'], '\r\n'],
  ['lines that are no field are left out', 'A: 1\r\nno field\r\nB: 2\r\n\r\n', ['a', 'b', 'no field'], 'A: 1\r\nB: 2\r\n\r\n'],
  ['bare line ends', 'A: 1\nB: 2\n\n', ['b'], 'B: 2\n\r\n'],
  ['a header without an empty line', 'A: 1\r\nB: 2', ['b'], 'B: 2'],
  ['an empty header', '\r\n', ['a'], '\r\n'],
  ['nothing', '', ['a'], ''],
])('%s', (_name, block, names, expected) => expect(text(select(encodeUtf8(block), names))).toBe(expected));

property('a selection is of the fields that reading the block gives, and its complement the others', fc.tuple(anyMessageOctets, fc.nat()), ([octets, pick]) => {
  const block = octets.subarray(0, parseMessage(octets).headerEndOffset);
  const fields = parseHeaderBlock(block);
  const name = fields[pick % Math.max(1, fields.length)]?.name.toLowerCase() ?? 'none';
  for (const areExcluded of [false, true]) {
    const chosen = fields.filter((field) => isNamed(field, name) !== areExcluded).map(({ offset, sizeBytes }) => text(block.subarray(offset, offset + sizeBytes))).join('');
    expect([chosen, `${chosen}\r\n`]).toContain(text(select(block, [name], areExcluded)));
  }
});

property('selecting from a selection gives the same', fc.tuple(anyMessageOctets, fc.nat()), ([octets, pick]) => {
  const block = octets.subarray(0, parseMessage(octets).headerEndOffset);
  const names = [...new Set(parseHeaderBlock(block).map(({ name }) => name.toLowerCase()))];
  const some = names.filter((_, index) => (pick >> index) & 1);
  expect(text(select(select(block, names), some))).toBe(text(select(block, some)));
});
