// The provider's programs must not be able to load the secret half, whatever they import (docs/decisions/0002).

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const packageDirectory = new URL('../../', import.meta.url);

function resolves(specifier: string, ...flags: string[]): boolean {
  const script = `import.meta.resolve(${JSON.stringify(specifier)})`;
  return spawnSync(process.execPath, [...flags, '--input-type=module', '--eval', script], { cwd: packageDirectory }).status === 0;
}

test('the secret half resolves under the device condition alone', () => {
  expect(resolves('@paloma/crypto/secret')).toBe(false);
  expect(resolves('@paloma/crypto/secret', '--conditions=paloma-device')).toBe(true);
  expect(resolves('@paloma/crypto/public')).toBe(true);
});

test('the secret half cannot be reached by a path into the package', () => {
  expect(resolves('@paloma/crypto/dist/secret/index.js')).toBe(false);
  expect(resolves('@paloma/crypto/dist/secret/opaque-thread.js', '--conditions=paloma-device')).toBe(false);
});

test('no file of the public half imports or names one of the secret half', () => {
  const sources = readdirSync(new URL('src/public/', packageDirectory)).filter((name) => !name.endsWith('.test.ts'));
  const importers = sources.filter((name) => /['"`][^'"`]*secret\//.test(readFileSync(new URL(`src/public/${name}`, packageDirectory), 'utf8')));
  expect(importers).toEqual([]);
});
