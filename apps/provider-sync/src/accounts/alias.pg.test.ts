import { expect, test } from '@jest/globals';
import { wkdHash } from '@paloma/crypto/public';
import { parseMailAddress } from '@paloma/shared-model';
import { servicesPaths, usersPaths, type CurrentSessionAnswer } from '@paloma/sync-protocol';
import { generateKey } from 'openpgp';
import { connectDatabase } from '../database/connect.js';
import { Database } from '../database/database.js';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, type Answer, type TestClient } from '../test/test-client.js';
import { runAliasCommand, type AliasCommand } from './alias-command.js';
import { TypeormAliasRepository } from './typeorm-alias.repository.js';

const provider = providerForTests();
const said = (answer: Answer) => [answer.status, jsonOf(answer)];

async function alias(command: AliasCommand): Promise<string[]> {
  const dataSource = await connectDatabase(provider.databaseUrl);
  return runAliasCommand(command, new TypeormAliasRepository(new Database(dataSource)), 'example.org').finally(() => dataSource.destroy());
}
const add = (name: string, address: string): Promise<string[]> => alias({ action: 'add', alias: name, address });

const recipient = (client: TestClient, address: string): Promise<Answer> => client.services('GET', servicesPaths.recipient(parseMailAddress(address)));
const addressesOf = async (client: TestClient): Promise<string[]> => (jsonOf(await client.users('GET', usersPaths.currentSession)) as CurrentSessionAnswer).addresses;

async function publish(client: TestClient, address: string, ...userIds: string[]): Promise<{ status: number; certificate: string }> {
  const { publicKey } = await generateKey({ userIDs: userIds.map((email) => ({ email })), type: 'ecc', curve: 'curve25519Legacy', format: 'binary', date: new Date(provider.clock.nowMs() - 1000) });
  const { status } = await client.users('PUT', usersPaths.certificate(parseMailAddress(address)), { body: publicKey });
  return { status, certificate: Buffer.from(publicKey).toString('base64url') };
}

test('an alias is an address of the account, behind the one that it was made with, and its devices are told', async () => {
  const client = await provider.client().signUp('mia@example.org');
  const events = await client.events();
  await events.next();
  await events.next();
  expect(await add('Anna.Mia@example.org', 'mia@example.org')).toEqual([]);
  expect(await events.next()).toEqual({ event: 'devices', data: {} });
  events.close();
  expect(await addressesOf(client)).toEqual(['mia@example.org', 'anna.mia@example.org']);
  expect(said(await client.services('POST', servicesPaths.verifySession, { json: { token: client.token } }))).toEqual([200, { accountId: client.accountId, addresses: ['mia@example.org', 'anna.mia@example.org'] }]);
  expect(await alias({ action: 'list' })).toContain('anna.mia@example.org mia@example.org');
});

test('mail to an alias is for the account, sealed to the certificate of the account until the alias has one with its own name in it', async () => {
  const client = await provider.client().signUp('bea@example.org');
  await add('b@example.org', 'bea@example.org');
  expect(said(await recipient(client, 'b@example.org'))).toEqual([200, { accountId: client.accountId, isOverQuota: false, isDisabled: false, certificate: null }]);
  const { certificate: own } = await publish(client, 'bea@example.org', 'bea@example.org');
  expect(jsonOf(await recipient(client, 'B@example.org'))).toMatchObject({ accountId: client.accountId, certificate: own });
  expect((await client.users('GET', usersPaths.webKey(wkdHash('b'), 'b'))).status).toBe(404);
  expect((await publish(client, 'b@example.org', 'bea@example.org')).status).toBe(400);
  const { status, certificate: ofAlias } = await publish(client, 'b@example.org', 'b@example.org');
  expect(status).toBe(204);
  expect(Buffer.from((await client.users('GET', usersPaths.webKey(wkdHash('b'), 'b'))).body).toString('base64url')).toBe(ofAlias);
  expect([jsonOf(await recipient(client, 'b@example.org')), jsonOf(await recipient(client, 'bea@example.org'))]).toMatchObject([{ certificate: ofAlias }, { certificate: own }]);
});

test('an alias that was taken away leads nowhere, is in no directory, and may become somebody else\'s', async () => {
  const [cleo, dora] = [await provider.client().signUp('cleo@example.org'), await provider.client().signUp('dora@example.org')];
  await add('c@example.org', 'cleo@example.org');
  await publish(cleo, 'c@example.org', 'c@example.org');
  await alias({ action: 'remove', alias: 'C@example.org' });
  expect(said(await recipient(cleo, 'c@example.org'))).toEqual([404, { error: 'notFound' }]);
  expect((await cleo.users('GET', usersPaths.webKey(wkdHash('c'), 'c'))).status).toBe(404);
  expect(await addressesOf(cleo)).toEqual(['cleo@example.org']);
  expect((await publish(cleo, 'c@example.org', 'c@example.org')).status).toBe(403);
  await add('c@example.org', 'dora@example.org');
  expect(await addressesOf(dora)).toEqual(['dora@example.org', 'c@example.org']);
});

test('nobody signs up under an alias or logs in by it', async () => {
  await provider.client().signUp('eva@example.org');
  await add('e@example.org', 'eva@example.org');
  expect(said(await provider.client().register('e@example.org'))).toEqual([409, { error: 'addressTaken' }]);
  const { finishLoginRequest } = await provider.client().startLogin('e@example.org');
  expect(finishLoginRequest).toBeNull();
});

test.each<[string, AliasCommand, string]>([
  ['an address that has an account', { action: 'add', alias: 'fay@example.org', address: 'gil@example.org' }, 'belongs to an account already'],
  ['an alias that there is', { action: 'add', alias: 'f@example.org', address: 'gil@example.org' }, 'belongs to an account already'],
  ['an account that is known by an alias alone', { action: 'add', alias: 'new@example.org', address: 'f@example.org' }, 'no account was made with this address'],
  ['an account that there is not', { action: 'add', alias: 'new@example.org', address: 'nobody@example.org' }, 'no account was made with this address'],
  ['a reserved name', { action: 'add', alias: 'Postmaster@example.org', address: 'fay@example.org' }, 'this name is reserved'],
  ['another domain', { action: 'add', alias: 'f@elsewhere.example', address: 'fay@example.org' }, 'an alias must be an address of example.org'],
  ['what is no address', { action: 'add', alias: 'fay', address: 'fay@example.org' }, 'not a mail address'],
  ['taking away what is no alias', { action: 'remove', alias: 'fay@example.org' }, 'there is no such alias'],
])('%s is refused', async (_name, command, sentence) => {
  for (const name of ['fay', 'gil']) await provider.client().register(`${name}@example.org`);
  await add('f@example.org', 'fay@example.org').catch(() => undefined);
  const before = await alias({ action: 'list' });
  await expect(alias(command)).rejects.toThrow(sentence);
  expect(await alias({ action: 'list' })).toEqual(before);
});
