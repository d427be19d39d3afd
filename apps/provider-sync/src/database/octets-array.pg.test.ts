import { expect, test } from '@jest/globals';
import pg from 'pg';
import { providerForTests } from '../test/provider-under-test.js';
import { octetsArray } from './octets-array.js';

const provider = providerForTests();

test.each([
  ['none', []], ['one', [Buffer.from([0, 255])]], ['with nulls and empty ones', [null, new Uint8Array(), new Uint8Array([1, 2, 3]), null]], ['large', [Buffer.alloc(1_000_000, 'sealed')]],
])('octets arrive in their order: %s', async (_name, values) => {
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  const { rows } = await database.query<{ octets: Buffer | null; position: number }>('SELECT octets, position FROM unnest($1::bytea[]) WITH ORDINALITY AS one (octets, position)', [octetsArray(values)]);
  await database.end();
  expect(rows.map(({ octets }) => octets)).toEqual(values.map((value) => value && Buffer.from(value)));
  expect(rows.map(({ position }) => Number(position))).toEqual(values.map((_value, index) => index + 1));
});
