// While the database is away nobody may be told that a mailbox does not exist.

import { expect, test } from '@jest/globals';
import { servicesPaths, usersPaths } from '@paloma/sync-protocol';
import pg from 'pg';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, octets, type Answer } from '../test/test-client.js';

const provider = providerForTests();
const said = ({ headers, ...answer }: Answer) => [answer.status, jsonOf({ headers, ...answer }), headers['retry-after']];

test('without its database the provider is unavailable, and well again with it', async () => {
  const client = await provider.client().signUp('alice@example.org');
  const url = new URL(provider.databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const database = new pg.Client({ connectionString: url.href });
  await database.connect();
  const rename = async (from: string, to: string): Promise<void> => {
    await database.query(`ALTER DATABASE ${from} ALLOW_CONNECTIONS false`);   // nobody comes back in between
    await database.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [from]);
    await database.query(`ALTER DATABASE ${from} RENAME TO ${to}`);
    await database.query(`ALTER DATABASE ${to} ALLOW_CONNECTIONS true`);
  };
  try {
    await rename(name, `${name}_away`);
    const unavailable = [503, { error: 'unavailable' }, '5'];
    expect(said(await client.services('GET', servicesPaths.recipient('alice@example.org' as never)))).toEqual(unavailable);
    expect(said(await client.services('PUT', servicesPaths.incoming(client.accountId, 'i'.repeat(43) as never), { body: octets('x') }))).toEqual(unavailable);
    expect(said(await client.users('GET', usersPaths.info))).toEqual(unavailable);
    expect(said(await client.services('GET', servicesPaths.ready))).toEqual(unavailable);
    expect((await client.services('GET', servicesPaths.live)).status).toBe(200);
    const metrics = (await client.services('GET', '/metrics')).body.toString();
    expect(metrics).toContain('\npaloma_sync_database_up 0\n');
    expect(metrics).not.toContain('\npaloma_sync_incoming_items ');
  } finally {
    await rename(`${name}_away`, name);
    await database.end();
  }
  expect((await client.services('GET', servicesPaths.ready)).status).toBe(200);
  expect((await client.users('GET', usersPaths.info)).status).toBe(200);
});
