import { expect } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { NumberText } from './number-text.js';

property('numbers stand as they are written', fc.array(fc.oneof(fc.constantFrom(0, 9, 10, 99, 100, 4_294_967_295), fc.maxSafeNat()), { maxLength: 500 }), (numbers) => {
  const text = new NumberText();
  for (const number of numbers) {
    text.character(' ');
    text.number(number);
  }
  expect(Buffer.from(text.octets).toString()).toBe(numbers.map((number) => ` ${number}`).join(''));
});
