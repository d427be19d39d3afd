import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { manualClock } from '@paloma/test-kit';
import { Pseudonyms } from './pseudonyms.js';

const HOUR_MS = 60 * 60_000;
const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };

function pseudonyms(peerAddressesInTheClear = false) {
  const clock = manualClock(Date.UTC(2026, 10, 23, 1));
  return { clock, names: new Pseudonyms({ clock, random, peerAddressesInTheClear }) };
}

test('one thing has one pseudonym through a day, and another on the next', () => {
  const { clock, names } = pseudonyms();
  const first = names.peer('192.0.2.1');
  expect(first).toMatch(/^[\w-]{10}$/);
  clock.advance(22 * HOUR_MS);
  expect(names.peer('192.0.2.1')).toBe(first);
  clock.advance(HOUR_MS);
  expect(names.peer('192.0.2.1')).not.toBe(first);
});

test('different things, and the same name of different things, have different ones', () => {
  const { names } = pseudonyms();
  expect(new Set([names.peer('192.0.2.1'), names.peer('192.0.2.2'), names.account('192.0.2.1'), names.domain('192.0.2.1')]).size).toBe(4);
});

test('another process has other ones', () => {
  expect(pseudonyms().names.account('a')).not.toBe(pseudonyms().names.account('a'));
});

test('peers in the clear are peers alone', () => {
  const { names } = pseudonyms(true);
  expect([names.peer('192.0.2.1'), names.domain('example.org')]).toEqual(['192.0.2.1', expect.not.stringContaining('example')]);
});
