import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { GatheredOctets } from './gathered-octets.js';

const text = fc.tuple(fc.constantFrom('a', 'ä', '€', '😀', '\ud83d'), fc.constantFrom(0, 1, 30, 1024, 2048, 2049)).map(([character, length]) => character.repeat(length));
const octets = fc.tuple(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 100, 2048, 2049, 17_000)).map(([octet, length]) => new Uint8Array(length).fill(octet));
const piece = fc.oneof(text, octets);
const octetsOf = (pieces: readonly (string | Uint8Array)[]): Buffer => Buffer.concat(pieces.map((each) => (typeof each === 'string' ? Buffer.from(each) : each)));

property('what is taken is what was added, in order, and stays so', fc.array(fc.array(piece, { maxLength: 60 }), { maxLength: 5 }), (answers) => {
  const gathered = new GatheredOctets();
  const taken = answers.map((pieces) => {
    for (const each of pieces) gathered.add(each);
    return gathered.take();
  });
  expect(answers.filter((pieces, index) => !octetsOf(pieces).equals(octetsOf(taken[index]!)))).toEqual([]);
  expect([gathered.sizeBytes, gathered.take()]).toEqual([0, []]);
});

test('small pieces go out as one, and large ones are not copied', () => {
  const gathered = new GatheredOctets();
  const large = new Uint8Array(10_000);
  for (const each of ['* 1 FETCH (BODY[] {', '10011}\r\n', new Uint8Array(11), large, ')\r\n', '* 2 FETCH']) gathered.add(each);
  const taken = gathered.take();
  expect(taken.map(({ length }) => length)).toEqual([38, 10_000, 12]);
  expect(taken[1]).toBe(large);
});
