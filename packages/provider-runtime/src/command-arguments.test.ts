import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { readArguments } from './command-arguments.js';

test('each "-" is a line of standard input, in order, whatever follows them there', async () => {
  const input = Readable.from(['first@example.org\n', 'sec', 'ond@example.org \r\nrest\n']);
  expect(await readArguments(['alias', 'add', '-', '-', '--config', 'file'], input)).toEqual(['alias', 'add', 'first@example.org', 'second@example.org', '--config', 'file']);
});

test('a last line needs no end', async () => {
  expect(await readArguments(['-'], Readable.from(['first@example.org']))).toEqual(['first@example.org']);
});

test('too few lines are an error with one sentence', async () => {
  await expect(readArguments(['-', '-'], Readable.from(['first@example.org\n']))).rejects.toMatchObject({ code: 'badConfiguration' });
});

test('without a "-" nothing is read', async () => {
  const input = Readable.from(['first@example.org\n']);
  expect(await readArguments(['--config', 'file'], input)).toEqual(['--config', 'file']);
  expect(input.readableDidRead).toBe(false);
});
