import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { loadConfiguration } from './configuration.js';

const base = temporaryDirectory();
const LEAST = {
  domain: '"example.org"', blobDirectory: '"blobs"', stateDirectory: '"/state"', 'users.publicUrl': '"https://mail.example.org"', 'services.tokenFile': '"tokens"', 'submission.host': '"mx.example.org"',
};
const environment = { DATABASE_URL: 'postgres://127.0.0.1/paloma' };

function fileWith(changes: Record<string, string>): string {
  const file = join(mkdtempSync(join(base, 'provider-')), 'provider.toml');
  writeFileSync(file, Object.entries({ ...LEAST, ...changes }).map(([key, value]) => `${key} = ${value}\n`).join(''));
  return file;
}

test('what only the operator can know is enough; paths are relative to the file', () => {
  const file = fileWith({});
  const directory = join(file, '..');
  expect(loadConfiguration(file, environment)).toMatchObject({
    databaseUrl: environment.DATABASE_URL, registration: 'invite', blobDirectory: join(directory, 'blobs'), stateDirectory: '/state',
    users: { bind: '127.0.0.1', port: 4430 }, services: { port: 4431, tokenFile: join(directory, 'tokens') }, submission: { port: 465 },
  });
});

test.each<[string, Record<string, string>, RegExp]>([
  ['a port out of range', { 'users.port': '70000' }, /users\.port: /],
  ['a public address without TLS', { 'users.bind': '"0.0.0.0"' }, /users: needs tlsCertFile and tlsKeyFile unless bind is a loopback address$/],
  ['no TOML', { domain: 'example' }, / cannot be read: /],
])('%s is refused in one sentence', (_name, changes, sentence) => {
  const refused = (): unknown => loadConfiguration(fileWith(changes), environment);
  expect(refused).toThrow(expect.objectContaining({ code: 'badConfiguration', message: expect.stringMatching(sentence) }));
  expect(refused).not.toThrow(/\n/);
});
