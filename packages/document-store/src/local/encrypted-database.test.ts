import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
// oxlint-disable-next-line import/default -- CommonJS: its `export =` is the default export under Node.js
import Database from 'better-sqlite3-multiple-ciphers';
import { EncryptedDatabase } from './encrypted-database.js';

const directory = temporaryDirectory();
const KEY = new Uint8Array(32).fill(7);

test('a new file has pages of 8 KiB, and as SQLCipher those of SQLCipher', () => {
  const pageSizes = (['aegis', 'sqlcipher'] as const).map((cipher) => {
    const database = new EncryptedDatabase(join(directory, `new-${cipher}.db`), KEY, cipher);
    database.exec('CREATE TABLE piece (octets BLOB)');
    const pageSize = database.pragma('page_size');
    database.close();
    return pageSize;
  });
  expect(pageSizes).toEqual([8192, 4096]);
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
