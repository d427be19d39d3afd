import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { placesInOrder } from './places-in-order.js';

const value = fc.oneof(fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity), fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger(), fc.double({ noNaN: true }));
const table = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 3 })).chain(([rows, columns]) => fc.array(fc.array(value, { minLength: rows, maxLength: rows }), { minLength: columns, maxLength: columns }));

property('places stand as comparing them by each column in turn puts them, and else as they are', table, (columns) => {
  const places = [...(columns[0] ?? []).keys()];
  const compared = places.toSorted((left, right) => {
    for (const column of columns) if (column[left] !== column[right]) return column[left]! < column[right]! ? -1 : 1;
    return left - right;
  });
  expect([...placesInOrder(columns.map((column) => Float64Array.from(column)), places.length)]).toEqual(compared);
});

test('without a column all stand as they are', () => expect([...placesInOrder([], 3)]).toEqual([0, 1, 2]));
