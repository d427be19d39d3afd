import { expect, test } from '@jest/globals';
import { hashToken } from '@paloma/crypto/public';
import { servicesPaths, usersPaths } from '@paloma/sync-protocol';
import pg from 'pg';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, type Answer } from '../test/test-client.js';

const DAY_MS = 24 * 60 * 60_000;
const provider = providerForTests();
const said = (answer: Answer) => [answer.status, jsonOf(answer)];

test('a login gives a token, which tells its account and addresses until it is ended', async () => {
  const client = await provider.client().signUp('alice@example.org');
  expect(client.token).toMatch(/^[\w-]{43}$/);
  const current = await client.users('GET', usersPaths.currentSession);
  expect(said(current)).toEqual([200, { accountId: client.accountId, addresses: ['alice@example.org'], expiresAtMs: provider.clock.nowMs() + 30 * DAY_MS }]);
  expect(said(await client.services('POST', servicesPaths.verifySession, { json: { token: client.token } }))).toEqual([200, { accountId: client.accountId, addresses: ['alice@example.org'] }]);
  expect((await client.users('DELETE', usersPaths.currentSession)).status).toBe(204);
  expect(said(await client.users('GET', usersPaths.currentSession))).toEqual([401, { error: 'unauthorized' }]);
  expect(said(await client.services('POST', servicesPaths.verifySession, { json: { token: client.token } }))).toEqual([401, { error: 'unauthorized' }]);
});

test('a wrong passphrase is found out by the device; whoever goes on regardless fails', async () => {
  await provider.client().signUp('bob@example.org');
  const { answer, loginId, finishLoginRequest } = await provider.client().startLogin('bob@example.org', 'wrong');
  expect([answer.status, finishLoginRequest]).toEqual([200, null]);
  expect(said(await provider.client().finishLogin(loginId, 'A'.repeat(86)))).toEqual([401, { error: 'loginFailed' }]);
});

test('an address that nobody has is answered in the same form', async () => {
  await provider.client().signUp('real@example.org');
  const [real, unreal] = await Promise.all(['real@example.org', 'unreal@example.org'].map((address) => provider.client().startLogin(address, 'wrong')));
  const shape = ({ status, headers, body }: Answer) => ({ status, length: body.length, headers: Object.keys(headers).sort(), keys: Object.entries(JSON.parse(body.toString())).map(([key, value]) => [key, (value as string).length]) });
  expect(shape(unreal!.answer)).toEqual(shape(real!.answer));
  expect(said(await provider.client().finishLogin(unreal!.loginId, 'A'.repeat(86)))).toEqual([401, { error: 'loginFailed' }]);
});

test('a login id serves once', async () => {
  const client = await provider.client().signUp();
  const [{ addresses: [address] }] = [jsonOf(await client.users('GET', usersPaths.currentSession)) as { addresses: [string] }];
  const { loginId, finishLoginRequest } = await client.startLogin(address);
  expect((await client.finishLogin(loginId, finishLoginRequest!)).status).toBe(200);
  expect(said(await client.finishLogin(loginId, finishLoginRequest!))).toEqual([401, { error: 'loginFailed' }]);
});

test('a login id lives for a minute', async () => {
  await provider.client().signUp('slow@example.org');
  const { loginId, finishLoginRequest } = await provider.client().startLogin('slow@example.org');
  provider.clock.advance(60_000);
  expect(said(await provider.client().finishLogin(loginId, finishLoginRequest!))).toEqual([401, { error: 'loginFailed' }]);
});

test.each(['known@example.org', 'unknown@example.org'])('after ten attempts on %s the eleventh waits for the quarter hour to pass', async (address) => {
  if (address.startsWith('known')) await provider.client().register(address);
  for (let attempt = 0; attempt < 10; attempt++) expect((await provider.client().startLogin(address, 'guess')).answer.status).toBe(200);
  provider.clock.advance(60_000);
  const { answer } = await provider.client().startLogin(address, 'guess');
  expect(said(answer)).toEqual([429, { error: 'rateLimited' }]);
  expect(answer.headers['retry-after']).toBe('840');
  provider.clock.advance(14 * 60_000);
  expect((await provider.client().startLogin(address, 'guess')).answer.status).toBe(200);
});

test('log-ins that nobody ends are forgotten when the next one begins', async () => {
  for (const name of ['one', 'two', 'three']) await provider.client().startLogin(`nobody-${name}@example.org`);
  provider.clock.advance(60_000);
  await provider.client().startLogin('nobody-else@example.org');
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  const { rows } = await database.query('SELECT count(*)::integer AS waiting FROM pending_login');
  await database.end();
  expect(rows).toEqual([{ waiting: 1 }]);
});

test('a login that succeeds clears the count', async () => {
  const client = await provider.client().signUp('often@example.org');
  for (let login = 0; login < 12; login++) await client.logIn('often@example.org');
});

test('a session ends after 30 days without use', async () => {
  const client = await provider.client().signUp();
  provider.clock.advance(29 * DAY_MS);
  expect((await client.users('GET', usersPaths.currentSession)).status).toBe(200);
  provider.clock.advance(29 * DAY_MS);
  expect((await client.users('GET', usersPaths.currentSession)).status).toBe(200);
  provider.clock.advance(30 * DAY_MS);
  expect((await client.users('GET', usersPaths.currentSession)).status).toBe(401);
});

test('a session ends after 180 days in any case', async () => {
  const client = await provider.client().signUp();
  for (let day = 0; day < 179; day += 1) {
    provider.clock.advance(DAY_MS);
    if (day % 20 === 0) await client.users('GET', usersPaths.currentSession);
  }
  expect((await client.users('GET', usersPaths.currentSession)).status).toBe(200);
  provider.clock.advance(DAY_MS);
  expect((await client.users('GET', usersPaths.currentSession)).status).toBe(401);
});

test('the database holds the hash of a token and not the token', async () => {
  const client = await provider.client().signUp();
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  const { rows } = await database.query<{ token_sha256: Buffer; text: string }>('SELECT token_sha256, session::text AS text FROM session WHERE account_id = $1', [client.accountId]);
  await database.end();
  expect(rows.map(({ token_sha256 }) => new Uint8Array(token_sha256))).toEqual([hashToken(client.token!)]);
  expect(rows[0]!.text).not.toContain(client.token);
});
