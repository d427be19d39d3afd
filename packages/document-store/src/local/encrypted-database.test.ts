import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
// oxlint-disable-next-line import/default -- CommonJS: its `export =` is the default export under Node.js
import Database from 'better-sqlite3-multiple-ciphers';
import { EncryptedDatabase } from './encrypted-database.js';

const directory = temporaryDirectory();
const KEY = new Uint8Array(32).fill(7);

test.each([['aegis', 8192], ['sqlcipher', 4096]] as const)('a new file of %s has pages of %i octets, of which 64 MiB wait in the log', (cipher, pageBytes) => {
  const database = new EncryptedDatabase(join(directory, `new-${cipher}.db`), KEY, cipher);
  database.exec('CREATE TABLE piece (octets BLOB)');
  expect(database.pragma('page_size')).toBe(pageBytes);
  expect(database.pragma('wal_autocheckpoint')).toBe(2 ** 26 / pageBytes);
  database.close();
});

test('a file with smaller pages opens, is written and keeps them', () => {
  const path = join(directory, 'old.db');
  const old = new Database(path);
  for (const pragma of [`cipher='aegis'`, 'page_size=4096', `key="x'${Buffer.from(KEY).toString('hex')}'"`]) old.pragma(pragma);
  old.exec('CREATE TABLE piece (octets BLOB); INSERT INTO piece VALUES (zeroblob(20000))');
  old.close();
  const database = new EncryptedDatabase(path, KEY, 'aegis');
  database.run('INSERT INTO piece VALUES (zeroblob(30000))');
  expect(database.all('SELECT length(octets) AS bytes FROM piece')).toEqual([{ bytes: 20_000 }, { bytes: 30_000 }]);
  expect([database.pragma('page_size'), database.pragma('integrity_check')]).toEqual([4096, 'ok']);
  database.close();
});
