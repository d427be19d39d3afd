import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { LineSplitter } from './line-splitter.js';

property('lines are the octets, however they came in pieces', fc.tuple(fc.array(fc.constantFrom('a', '\r\n', '\n', '\r', '.'), { maxLength: 40 }), fc.array(fc.nat(40))), ([pieces, cuts]) => {
  const octets = Buffer.from(pieces.join(''));
  const splitter = new LineSplitter();
  const lines = chunksOf(octets, cuts).flatMap((chunk) => splitter.add(chunk));
  const rest = splitter.end();
  expect(Buffer.concat([...lines, rest])).toEqual(octets);
  expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
  expect(splitter.hasBareLineEnd).toBe(/(?<!\r)\n|\r(?!\n)/.test(octets.toString()));
});

test('a whole CRLF is no bare line end', () => {
  const splitter = new LineSplitter();
  splitter.add(Buffer.from('a\r'));
  splitter.add(Buffer.from('\nb\r\n'));
  splitter.end();
  expect(splitter.hasBareLineEnd).toBe(false);
});

function chunksOf(octets: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.filter((cut) => cut < octets.length).toSorted((one, other) => one - other), octets.length];
  return places.slice(1).map((end, at) => octets.subarray(places[at], end));
}
