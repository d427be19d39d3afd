import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { hashToken, systemRandom, wkdHash } from '@paloma/crypto/public';
import { parseIncomingItemId, parseMailAddress, type BlobId, type BlobNamespace } from '@paloma/shared-model';
import { deliveryAnswer, servicesPaths, usersPaths, type DeliveryAnswer } from '@paloma/sync-protocol';
import { generateKey } from 'openpgp';
import pg from 'pg';
import { DiskBlobDirectory } from '../blobs/disk-blob-directory.js';
import { connectDatabase } from '../database/connect.js';
import { Database } from '../database/database.js';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, newDocument, octets, randomText, type Answer, type TestClient } from '../test/test-client.js';
import { runAccountCommand, type AccountCommand } from './account-command.js';
import { runAliasCommand } from './alias-command.js';
import { TypeormAccountControl } from './typeorm-account-control.js';
import { TypeormAliasRepository } from './typeorm-alias.repository.js';

const GIB = 1024 ** 3;
const provider = providerForTests();
const said = (answer: Answer) => [answer.status, jsonOf(answer)];
const newItem = () => parseIncomingItemId(randomText(43));
const DISABLED = [403, { error: 'accountDisabled' }];

async function withDatabase<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  const dataSource = await connectDatabase(provider.databaseUrl);
  return work(new Database(dataSource)).finally(() => dataSource.destroy());
}
const account = (command: AccountCommand): Promise<string[]> => withDatabase((database) =>
  runAccountCommand(command, new TypeormAccountControl(database, new DiskBlobDirectory(provider.configuration().blobDirectory, systemRandom)), provider.clock));
const addAlias = (alias: string, address: string): Promise<string[]> => withDatabase((database) =>
  runAliasCommand({ action: 'add', alias, address }, new TypeormAliasRepository(database), 'example.org'));

const recipient = (address: string): Promise<Answer> => provider.client().services('GET', servicesPaths.recipient(parseMailAddress(address)));
const verify = (client: TestClient): Promise<Answer> => client.services('POST', servicesPaths.verifySession, { json: { token: client.token } });

async function deliverTogether(...clients: TestClient[]): Promise<DeliveryAnswer['outcomes']> {
  const items = clients.map(({ accountId }) => ({ accountId, itemId: newItem(), sealed: octets('sealed') }));
  return deliveryAnswer.parse(jsonOf(await provider.client().services('POST', servicesPaths.delivery, { cbor: { items } }))).outcomes;
}

async function publish(client: TestClient, address: string): Promise<void> {
  const { publicKey } = await generateKey({ userIDs: [{ email: address }], type: 'ecc', curve: 'curve25519Legacy', format: 'binary', date: new Date(provider.clock.nowMs() - 1000) });
  expect((await client.users('PUT', usersPaths.certificate(parseMailAddress(address)), { body: publicKey })).status).toBe(204);
}

beforeAll(async () => {
  await provider.client().register('leo@example.org');
  await addAlias('l@example.org', 'leo@example.org');
});

test('the list shows what there is of each account', async () => {
  const client = await provider.client().signUp('ada@example.org');
  await provider.client().register('zoe@example.org');
  await addAlias('countess@example.org', 'ada@example.org');
  await client.deliver(client.accountId, newItem(), octets('sealed'));
  await account({ action: 'quota', address: 'Ada@example.org', quotaBytes: 20 * GIB });
  const day = new Date(provider.clock.nowMs()).toISOString().slice(0, 10);
  const [table = ''] = await account({ action: 'list' });
  const rows = table.split('\n').map((row) => row.split(/ {2,}/));
  expect(rows[0]).toEqual(['address', 'aliases', 'made', 'seen', 'devices', 'waiting', 'used', 'quota', 'state']);
  expect(rows.filter(([address]) => address === 'ada@example.org' || address === 'zoe@example.org')).toEqual([
    ['ada@example.org', '1', day, day, '1', '1', '1 MiB', '20480 MiB', '-'],
    ['zoe@example.org', '0', day, 'never', '0', '0', '0 MiB', '1024 MiB', '-'],
  ]);
});

test('a quota that is lowered under what is stored takes nothing away and lets nothing more in', async () => {
  const client = await provider.client().signUp('bea@example.org');
  const document = newDocument({ sealed: new Uint8Array(2000) });
  await client.push([document]);
  await account({ action: 'quota', address: 'bea@example.org', quotaBytes: 1000 });
  expect(jsonOf(await recipient('bea@example.org'))).toMatchObject({ isOverQuota: true });
  expect((await client.pull()).items.map(({ id }) => id)).toEqual([document.id]);
  expect(await deliverTogether(client)).toEqual(['quotaExceeded']);
  await account({ action: 'quota', address: 'bea@example.org', quotaBytes: GIB });
  expect(jsonOf(await recipient('bea@example.org'))).toMatchObject({ isOverQuota: false });
});

test('a disabled account is refused at every door, with its own code, and all is there when it is enabled again', async () => {
  const [client, other] = [await provider.client().signUp('cyd@example.org'), await provider.client().signUp('dan@example.org')];
  const document = newDocument();
  await client.push([document]);
  const events = await client.events();
  await events.next();
  await events.next();
  await account({ action: 'disable', address: 'cyd@example.org' });
  expect(await events.next()).toEqual({ event: 'devices', data: {} });
  expect(await events.next()).toBeNull();
  for (const path of [usersPaths.info, usersPaths.currentSession, usersPaths.events, usersPaths.devices, usersPaths.vault]) expect(said(await client.users('GET', path))).toEqual(DISABLED);
  expect(said(await client.pullRaw())).toEqual(DISABLED);
  expect(said(await verify(client))).toEqual(DISABLED);
  const login = await provider.client().startLogin('cyd@example.org');
  expect(said(await provider.client().finishLogin(login.loginId, login.finishLoginRequest!))).toEqual(DISABLED);
  expect(jsonOf(await recipient('cyd@example.org'))).toMatchObject({ isDisabled: true });
  expect(said(await client.deliver(client.accountId, newItem(), octets('sealed')))).toEqual(DISABLED);
  expect(await deliverTogether(client, other)).toEqual(['failed', 'stored']);
  expect((await account({ action: 'list' }))[0]).toMatch(/^cyd@example\.org .* disabled$/m);

  await account({ action: 'enable', address: 'cyd@example.org' });
  expect((await client.pull()).items.map(({ id }) => id)).toEqual([document.id]);
  expect(jsonOf(await recipient('cyd@example.org'))).toMatchObject({ isDisabled: false });
  expect(await deliverTogether(client, other)).toEqual(['stored', 'stored']);
});

test('who does not know the passphrase does not learn that an account is disabled', async () => {
  await provider.client().signUp('eli@example.org');
  await account({ action: 'disable', address: 'eli@example.org' });
  const { answer, loginId } = await provider.client().startLogin('eli@example.org', 'wrong');
  expect(answer.status).toBe(200);
  expect(said(await provider.client().finishLogin(loginId, 'A'.repeat(86)))).toEqual([401, { error: 'loginFailed' }]);
});

test('only a disabled account is deleted', async () => {
  const client = await provider.client().signUp('fay@example.org');
  await expect(account({ action: 'delete', address: 'fay@example.org' })).rejects.toThrow('disable it first');
  expect((await verify(client)).status).toBe(200);
});

/** Every table with a column of accounts, by what it has of this one. */
async function rowsOf(accountId: string): Promise<Record<string, number>> {
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  const tables = await database.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'account_id' AND table_schema = 'public'`);
  const counts: Record<string, number> = {};
  for (const { name } of tables.rows) counts[name] = (await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${name} WHERE account_id = $1`, [accountId])).rows[0]!.count;
  await database.end();
  return counts;
}

test('a deleted account leaves no row and no file, its devices are put out, and nobody else lost anything', async () => {
  const [client, other] = [await provider.client().signUp('gus@example.org'), await provider.client().signUp('hal@example.org')];
  const large = new Uint8Array(300 * 1024);
  for (const each of [client, other]) {
    await each.push([newDocument()]);
    await each.users('PUT', usersPaths.blob('body' as BlobNamespace, randomText(43) as BlobId), { body: large });
    await each.users('PUT', usersPaths.vault, { body: octets('v'), headers: { 'if-none-match': '*' } });
    await each.deliver(each.accountId, newItem(), large);
  }
  await publish(client, 'gus@example.org');
  await addAlias('augustus@example.org', 'gus@example.org');
  await provider.client().startLogin('gus@example.org');
  const fileDirectory = (accountId: string): string => join(provider.configuration().blobDirectory, Buffer.from(accountId).toString('hex'));
  const before = await rowsOf(other.accountId);
  expect(Object.values(await rowsOf(client.accountId)).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(8);
  expect(existsSync(fileDirectory(client.accountId))).toBe(true);

  await account({ action: 'disable', address: 'gus@example.org' });
  await account({ action: 'delete', address: 'gus@example.org' });
  expect(Object.values(await rowsOf(client.accountId)).filter((count) => count > 0)).toEqual([]);
  expect(existsSync(fileDirectory(client.accountId))).toBe(false);
  expect(said(await verify(client))).toEqual([401, { error: 'unauthorized' }]);
  for (const address of ['gus@example.org', 'augustus@example.org']) expect(said(await recipient(address))).toEqual([404, { error: 'notFound' }]);
  expect((await client.users('GET', usersPaths.webKey(wkdHash('gus'), 'gus'))).status).toBe(404);
  expect(await rowsOf(other.accountId)).toEqual(before);
  expect(existsSync(fileDirectory(other.accountId))).toBe(true);
});

test('the addresses of a deleted account are nobody\'s, until they are released one by one', async () => {
  await provider.client().signUp('ida@example.org');
  await provider.client().signUp('joy@example.org');
  await addAlias('i@example.org', 'ida@example.org');
  for (const action of ['disable', 'delete'] as const) await account({ action, address: 'ida@example.org' });
  for (const address of ['Ida@example.org', 'i@example.org']) {
    expect(said(await provider.client().register(address))).toEqual([409, { error: 'addressTaken' }]);
    expect(said(await provider.client().users('POST', usersPaths.accountFinish, { json: { address, registrationRecord: 'A'.repeat(256) } }))).toEqual([409, { error: 'addressTaken' }]);
    await expect(addAlias(address, 'joy@example.org')).rejects.toThrow('was of an account that was deleted');
    expect(said(await recipient(address))).toEqual([404, { error: 'notFound' }]);
  }
  await account({ action: 'release', address: 'ida@example.org' });
  expect((await provider.client().register('ida@example.org')).status).toBe(201);
  await expect(addAlias('i@example.org', 'joy@example.org')).rejects.toThrow('was of an account that was deleted');
});

test('who signs up for an address in the moment in which it is deleted does not get it', async () => {
  await provider.client().signUp('kim@example.org');
  await account({ action: 'disable', address: 'kim@example.org' });
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  await database.query('BEGIN');   // as `account delete` does it
  await database.query(`DELETE FROM account WHERE account_id = (SELECT account_id FROM account_address WHERE address = 'kim@example.org')`);
  const signUp = provider.client().users('POST', usersPaths.accountFinish, { json: { address: 'kim@example.org', registrationRecord: 'A'.repeat(256) } });
  const isWaiting = 'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = \'Lock\'';
  while ((await database.query(isWaiting)).rows.length === 0) await new Promise(setImmediate);
  await database.query('INSERT INTO retired_address (address_sha256, retired_at_ms) VALUES ($1, 0)', [Buffer.from(hashToken('kim@example.org'))]);
  await database.query('COMMIT');
  await database.end();
  expect(said(await signUp)).toEqual([409, { error: 'addressTaken' }]);
});

test.each<[string, AccountCommand, string]>([
  ['an account that there is not', { action: 'disable', address: 'nobody@example.org' }, 'no account was made with this address'],
  ['an account that is named by an alias', { action: 'enable', address: 'l@example.org' }, 'no account was made with this address'],
  ['the quota of nobody', { action: 'quota', address: 'nobody@example.org', quotaBytes: 1 }, 'no account was made with this address'],
  ['deleting nobody', { action: 'delete', address: 'nobody@example.org' }, 'no account was made with this address'],
  ['releasing what was never retired', { action: 'release', address: 'leo@example.org' }, 'no account with this address was deleted'],
  ['what is no address', { action: 'disable', address: 'leo' }, 'not a mail address'],
])('%s is refused', async (_name, command, sentence) => {
  await expect(account(command)).rejects.toThrow(sentence);
});
