import { expect, test } from '@jest/globals';
import { figure, formatFigures } from './figure.js';

test.each([
  ['against the floor where there is one', { floor: 200, peer: 50 }, 0.5],
  ['against the peer where there is no floor', { peer: 50 }, 2],
])('the ratio is %s', (_name, comparison, ratio) => {
  expect(figure('a', 'n', 100, 'x', comparison).ratio).toBe(ratio);
});

test('absent members are left out of the JSON line', () => {
  expect(JSON.stringify(figure('journey', 'delay', 12.345_678, 'ms'))).toBe('{"area":"journey","name":"delay","value":12.35,"unit":"ms"}');
});

test('the table shows each figure beside floor, peer and ratio', () => {
  expect(formatFigures([figure('journey', 'rate', 50, 'messages/s', { floor: 100 })]).split('\n')[1]).toBe('journey: rate  50 messages/s  100          0.5');
});
