// Octets of many rows come as they would one by one, whatever they are: SQLite joins them as if they were text.

import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { fc, property, temporaryDirectory } from '@paloma/test-kit';
import { EncryptedDatabase } from './encrypted-database.js';

const database = new EncryptedDatabase(join(temporaryDirectory(), 'octets.db'), new Uint8Array(32), 'aegis');
database.exec('CREATE TABLE piece (number INTEGER PRIMARY KEY, octets BLOB)');
afterAll(() => database.close());

const octets = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 5000, maxLength: 20_000 }), fc.constantFrom(new Uint8Array(), Uint8Array.of(0), Uint8Array.of(0xc3), Uint8Array.of(0xef, 0xbb, 0xbf)));
const pieces = fc.uniqueArray(fc.tuple(fc.integer({ min: -5, max: 2 ** 45 }), fc.option(octets)), { selector: ([number]) => number, maxLength: 30 });

const inOrder = (rows: Iterable<[number, Uint8Array | null]>): [number, string][] => [...rows].map(([number, value]): [number, string] => [number, Buffer.from(value!).toString('hex')]).sort(([a], [b]) => a - b);

// So many that are not there are asked for too: few rows and many are read in two ways, and mostly long ones in a third.
property('octets of rows that are asked for together are those of each row', fc.tuple(pieces, fc.nat(40)), ([rows, absent]) => {
  database.exec('DELETE FROM piece');
  for (const [number, value] of rows) database.run('INSERT INTO piece (number, octets) VALUES (?, ?)', number, value);
  const asked = [...rows.map(([number]) => number), ...Array.from({ length: absent }, (_, index) => -10 - index)];
  for (const _time of ['as the rows before', 'as these']) {
    const found = database.octets('SELECT number, octets FROM piece WHERE number IN (SELECT value FROM json_each(?)) AND number > ?', asked, 0);
    expect(inOrder(found)).toEqual(inOrder(rows.filter(([number, value]) => number > 0 && value !== null)));
  }
});
