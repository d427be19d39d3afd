import { expect, test } from '@jest/globals';
import { systemRandom } from '@paloma/crypto/public';
import { discoveryAnswer, usersPaths } from '@paloma/sync-protocol';
import { connectDatabase } from '../database/connect.js';
import { Database } from '../database/database.js';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, octets, type Answer } from '../test/test-client.js';
import { createInvitation } from './invite.js';
import { TypeormAccountRepository } from './typeorm-account.repository.js';

const open = providerForTests();
const byInvitation = providerForTests({ registration: 'invite' });
const closed = providerForTests({ registration: 'closed' });

const said = (answer: Answer) => [answer.status, jsonOf(answer)];
const record = 'A'.repeat(256);

test('discovery tells without a login where and how', async () => {
  const answer = await open.client().users('GET', usersPaths.discovery);
  expect(discoveryAnswer.parse(jsonOf(answer))).toEqual({
    v: 1, domain: 'example.org', apiUrl: 'https://mail.example.org', registration: 'open',
    submission: { host: 'mail.example.org', port: 465, implicitTls: true }, limits: { messageBytes: 50 * 2 ** 20 },
  });
});

test('an address is signed up once, in whatever case it is written', async () => {
  const client = open.client();
  const answer = await client.register('Alice@Example.ORG');
  expect(said(answer)).toEqual([201, { accountId: expect.stringMatching(/^[\w-]{22}$/) }]);
  expect(said(await client.register('alice@example.org'))).toEqual([409, { error: 'addressTaken' }]);
  expect(said(await client.users('POST', usersPaths.accountFinish, { json: { address: 'alice@example.org', registrationRecord: record } }))).toEqual([409, { error: 'addressTaken' }]);
});

test('of two who sign up for one address at once, one gets it', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => open.client().register('race@example.org')));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
});

test.each([
  ['a foreign domain', 'somebody@elsewhere.example'],
  ['a reserved name', 'Postmaster@example.org'],
])('%s cannot be signed up', async (_name, address) => {
  expect(said(await open.client().register(address))).toEqual([403, { error: 'forbidden' }]);
  expect(said(await open.client().users('POST', usersPaths.accountFinish, { json: { address, registrationRecord: record } }))).toEqual([403, { error: 'forbidden' }]);
});

test('a closed provider takes nobody', async () => {
  expect(said(await closed.client().register('alice@example.org'))).toEqual([403, { error: 'forbidden' }]);
});

test('an invitation lets one account in', async () => {
  const dataSource = await connectDatabase(byInvitation.databaseUrl);
  const code = await createInvitation(new TypeormAccountRepository(new Database(dataSource)), byInvitation.clock, systemRandom);
  await dataSource.destroy();
  const client = byInvitation.client();
  expect(said(await client.register('a@example.org', 'passphrase'))).toEqual([403, { error: 'invalidInvite' }]);
  expect(said(await client.register('a@example.org', 'passphrase', 'wrong'))).toEqual([403, { error: 'invalidInvite' }]);
  expect((await client.register('a@example.org', 'passphrase', code.reveal())).status).toBe(201);
  expect(said(await client.register('b@example.org', 'passphrase', code.reveal()))).toEqual([403, { error: 'invalidInvite' }]);
});

test.each([
  ['no JSON', { body: octets('address=alice') }, 400, 'badRequest'],
  ['no address', { json: { registrationRequest: 'AA' } }, 400, 'badRequest'],
  ['an address that is none', { json: { address: 'alice', registrationRequest: 'AA' } }, 400, 'badRequest'],
  ['an OPAQUE message that is none', { json: { address: 'x@example.org', registrationRequest: 'AA' } }, 400, 'badRequest'],
  ['a body that is too large', { body: new Uint8Array(33 * 1024) }, 413, 'tooLarge'],
])('a sign-up with %s is refused', async (_name, asked, status, error) => {
  expect(said(await open.client().users('POST', usersPaths.accountStart, asked))).toEqual([status, { error }]);
});

test('a registration record of a wrong size is refused', async () => {
  const answer = await open.client().users('POST', usersPaths.accountFinish, { json: { address: 'x@example.org', registrationRecord: 'AAAA' } });
  expect(said(answer)).toEqual([400, { error: 'badRequest' }]);
});

test('what there is not is notFound', async () => {
  expect(said(await open.client().users('GET', '/v1/nothing'))).toEqual([404, { error: 'notFound' }]);
});
