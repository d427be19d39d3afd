// Apart from the other tests of events: what is told again after a gap would come among theirs.

import { expect, test } from '@jest/globals';
import pg from 'pg';
import { providerForTests } from '../test/provider-under-test.js';
import { newDocument } from '../test/test-client.js';

const provider = providerForTests();

test('when the event connection to the database breaks, listeners are told the present state again', async () => {
  const client = await provider.client().signUp();
  const events = await client.events();
  await events.next();
  await events.next();
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'paloma-provider-sync events' AND datname = current_database()`);
  const { generation } = await client.push([newDocument()]);
  await database.end();
  expect(await events.next()).toMatchObject({ event: 'generation', data: { generation } });
  events.close();
});
