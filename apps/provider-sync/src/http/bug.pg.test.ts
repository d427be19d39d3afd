import { expect, test } from '@jest/globals';
import { usersPaths } from '@paloma/sync-protocol';
import { temporaryDirectory } from '@paloma/test-kit';
import pg from 'pg';
import { ProviderUnderTest } from '../test/provider-under-test.js';

const directory = temporaryDirectory();

test('what nobody foresaw is answered by its code alone, and noted without what it was about', async () => {
  const provider = new ProviderUnderTest(directory, {});
  await provider.start(1);
  const client = await provider.client().signUp();
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  await database.query('ALTER TABLE vault RENAME TO canary');
  await database.end();
  const { status, headers, body } = await client.users('GET', usersPaths.vault);
  await provider.stop();
  expect([status, headers['content-type'], body.toString()]).toEqual([500, 'application/json; charset=utf-8', '{"error":"internal"}']);
  const [bug, ...others] = provider.logLines.filter((line) => line.includes('"bug"'));
  expect([JSON.parse(bug!), others]).toEqual([expect.objectContaining({ bug: 'QueryFailedError', code: '42P01', route: '/v1/vault' }), []]);
  expect(bug).not.toMatch(/relation|SELECT|canary/);
  expect(bug).not.toContain(client.accountId);
});
