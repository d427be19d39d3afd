import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { z } from 'zod';
import { portNumber, readConfigurationFile } from './configuration-file.js';

const file = join(temporaryDirectory(), 'config.toml');
const schema = z.strictObject({ databaseUrl: z.string().optional(), users: z.strictObject({ port: portNumber }) });

function read(text: string, environment: NodeJS.ProcessEnv = { DATABASE_URL: 'postgres://environment' }) {
  writeFileSync(file, text);
  return readConfigurationFile(file, schema, environment);
}

test('the file goes before the environment', () => {
  expect(read('users.port = 1').databaseUrl).toBe('postgres://environment');
  expect(read('databaseUrl = "postgres://file"\nusers.port = 1').databaseUrl).toBe('postgres://file');
});

test.each([
  ['a wrong value', 'users.port = 70000', 'users.port'],
  ['an unknown key', 'users.port = 1\ncolour = 1', 'colour'],
  ['no TOML', 'users = ', 'cannot be read'],
])('%s is named in one sentence', (_name, text, expected) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'badConfiguration', message: expect.stringContaining(expected) as unknown }));
});

test('without any database it does not start', () => {
  expect(() => read('users.port = 1', {})).toThrow('DATABASE_URL');
});
