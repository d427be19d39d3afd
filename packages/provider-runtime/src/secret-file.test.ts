import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { readOrCreateSecretFile, readTokenFile } from './secret-file.js';

const directory = temporaryDirectory();

test('a secret is made once, for its owner alone, and read from then on', () => {
  const file = join(directory, 'made', 'key');
  const first = readOrCreateSecretFile(file, () => 'first');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect([first, readOrCreateSecretFile(file, () => 'second')].map(String)).toEqual(['first', 'first']);
});

test('a secret that can be neither read nor made says which file', () => {
  writeFileSync(join(directory, 'a-file'), '');
  const file = join(directory, 'a-file', 'key');
  expect(() => readOrCreateSecretFile(file, () => 'x')).toThrow(expect.objectContaining({ code: 'filesUnusable', message: expect.stringContaining(file) as unknown }));
});

test.each<[string, string, string[] | 'refused']>([
  ['one token', `${'a'.repeat(43)}\n`, ['a'.repeat(43)]],
  ['two tokens and empty lines', `${'a'.repeat(43)}\n\n  ${'b'.repeat(50)}  \n`, ['a'.repeat(43), 'b'.repeat(50)]],
  ['a token that could be guessed', 'secret\n', 'refused'],
  ['nothing', '\n', 'refused'],
])('a token file with %s', (_name, text, expected) => {
  const file = join(directory, 'tokens');
  writeFileSync(file, text);
  if (expected === 'refused') expect(() => readTokenFile(file)).toThrow('service tokens');
  else expect(readTokenFile(file)).toEqual(expected);
});
