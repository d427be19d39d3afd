// A change of credentials is one transaction over record, vault and sessions, proven by a log-in of its own.

import { expect, test } from '@jest/globals';
import { usersPaths, type CredentialFinishAnswer, type CredentialFinishRequest } from '@paloma/sync-protocol';
import { changeCredential, firstVault, prepareChange } from '../test/credential-change.js';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, randomText, type Answer, type TestClient } from '../test/test-client.js';

const provider = providerForTests();
const said = (answer: Answer) => [answer.status, jsonOf(answer)];
const REFUSED = [401, { error: 'loginFailed' }];

async function newAccount(): Promise<{ address: string; laptop: TestClient; phone: TestClient; replacedVersion: string }> {
  const address = `user-${randomText(8).toLowerCase().replaceAll(/[_-]/g, '0')}@example.org`;
  const laptop = await provider.client().signUp(address);
  const phone = await provider.client().logIn(address);
  return { address, laptop, phone, replacedVersion: await firstVault(laptop) };
}

async function canLogIn(address: string, secret: string, credential: 'passphrase' | 'recovery' = 'passphrase'): Promise<boolean> {
  return (await provider.client().startLogin(address, secret, credential)).finishLoginRequest !== null;
}

const isAlive = async (client: TestClient): Promise<boolean> => (await client.users('GET', usersPaths.currentSession)).status === 200;
const vaultOf = async (client: TestClient): Promise<string> => (await client.users('GET', usersPaths.vault)).body.toString();

test('a new passphrase replaces the record and the vault, ends every session and gives the device that asked a new one', async () => {
  const { address, laptop, phone, replacedVersion } = await newAccount();
  const answer = await changeCredential(laptop, { address, newSecret: 'new', replacedVersion });
  expect(said(answer)).toEqual([200, { vaultVersion: expect.any(String), session: { token: expect.any(String), accountId: laptop.accountId, expiresAtMs: expect.any(Number) } }]);
  expect([await isAlive(laptop), await isAlive(phone)]).toEqual([false, false]);
  laptop.token = (jsonOf(answer) as CredentialFinishAnswer).session!.token;
  expect([await isAlive(laptop), await vaultOf(laptop)]).toEqual([true, 'new vault']);
  expect([await canLogIn(address, 'a passphrase'), await canLogIn(address, 'new')]).toEqual([false, true]);
});

test('devices hear of it at once, and the connections of ended sessions are closed', async () => {
  const { address, laptop, phone, replacedVersion } = await newAccount();
  const events = await phone.events();
  await changeCredential(laptop, { address, newSecret: 'new', replacedVersion });
  const heard = [];
  for (let event = await events.next(); event; event = await events.next()) heard.push(event.event);
  expect(heard.slice(-2)).toEqual(['vault', 'devices']);
  events.close();
});

test.each<[string, (request: CredentialFinishRequest) => CredentialFinishRequest]>([
  ['whose vault was exchanged on the way', (request) => ({ ...request, change: { ...request.change, vault: 'AAAA' } })],
  ['whose record was exchanged on the way', (request) => ({ ...request, change: { ...request.change, registrationRecord: 'A'.repeat(256) } })],
  ['that asks for another credential than the proof', (request) => ({ ...request, change: { ...request.change, credential: 'recovery' } })],
  ['without a proof worth the name', (request) => ({ ...request, proof: 'A'.repeat(43) })],
])('a change %s is refused and changes nothing', async (_name, spoil) => {
  const { address, laptop, phone, replacedVersion } = await newAccount();
  const request = spoil(await prepareChange(laptop, { address, newSecret: 'new', replacedVersion }));
  expect(said(await laptop.users('POST', usersPaths.credentialFinish, { json: request }))).toEqual(REFUSED);
  expect([await isAlive(phone), await vaultOf(phone), await canLogIn(address, 'a passphrase')]).toEqual([true, 'first vault', true]);
});

test('a session without the passphrase changes nothing, and each proof serves once', async () => {
  const { address, laptop, replacedVersion } = await newAccount();
  expect(said(await changeCredential(laptop, { address, secret: 'wrong', newSecret: 'new', replacedVersion }))).toEqual(REFUSED);
  const request = await prepareChange(laptop, { address, newSecret: 'new', replacedVersion });
  expect((await laptop.users('POST', usersPaths.credentialFinish, { json: request })).status).toBe(200);
  expect(said(await laptop.users('POST', usersPaths.credentialFinish, { json: request }))).toEqual(REFUSED);
});

test('whoever has not seen the newest vault changes nothing', async () => {
  const { address, laptop, phone } = await newAccount();
  expect(said(await changeCredential(laptop, { address, newSecret: 'new', replacedVersion: 'older' }))).toEqual([412, { error: 'preconditionFailed' }]);
  expect([await isAlive(phone), await canLogIn(address, 'a passphrase'), await canLogIn(address, 'new')]).toEqual([true, true, false]);
});

test('of two changes at once one is made, whole', async () => {
  const { address, laptop, phone, replacedVersion } = await newAccount();
  const devices = [laptop, phone];
  const requests = await Promise.all(devices.map((device, n) => prepareChange(device, { address, newSecret: `new ${n}`, vault: `vault ${n}`, replacedVersion })));
  const answers = await Promise.all(devices.map((device, n) => device.users('POST', usersPaths.credentialFinish, { json: requests[n] })));
  const winner = answers.findIndex(({ status }) => status === 200);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  const device = devices[winner]!;
  device.token = (jsonOf(answers[winner]!) as CredentialFinishAnswer).session!.token;
  expect([await vaultOf(device), await canLogIn(address, `new ${winner}`), await canLogIn(address, `new ${1 - winner}`)]).toEqual([`vault ${winner}`, true, false]);
});

test('a log-in that was begun with the old passphrase opens nothing after the change', async () => {
  const { address, laptop, phone, replacedVersion } = await newAccount();
  const { loginId, finishLoginRequest } = await phone.startLogin(address);
  const overtaken = await prepareChange(phone, { address, newSecret: 'third', replacedVersion });
  await changeCredential(laptop, { address, newSecret: 'new', replacedVersion });
  expect(said(await phone.finishLogin(loginId, finishLoginRequest!))).toEqual(REFUSED);
  expect(said(await phone.users('POST', usersPaths.credentialFinish, { json: overtaken }))).toEqual(REFUSED);
});

test('log-ins and changes that run at once never leave a session of the old passphrase', async () => {
  const { address, laptop, replacedVersion } = await newAccount();
  const logins = await Promise.all(Array.from({ length: 5 }, async () => {
    const client = provider.client();
    const { loginId, finishLoginRequest } = await client.startLogin(address);
    return { client, loginId, finishLoginRequest: finishLoginRequest! };
  }));
  const request = await prepareChange(laptop, { address, newSecret: 'new', replacedVersion });
  const [change, ...answers] = await Promise.all([
    laptop.users('POST', usersPaths.credentialFinish, { json: request }),
    ...logins.map(({ client, loginId, finishLoginRequest }) => client.finishLogin(loginId, finishLoginRequest)),
  ]);
  expect(change.status).toBe(200);
  const tokens = answers.filter(({ status }) => status === 200).map((answer) => (jsonOf(answer) as { token: string }).token);
  const alive = await Promise.all(tokens.map(async (token) => (await laptop.users('GET', usersPaths.currentSession, { token })).status));
  expect(alive.filter((status) => status === 200)).toEqual([]);
});

test('a recovery code is a credential of its own: it logs in, sets a passphrase, and ends when there is a new one', async () => {
  const { address, laptop, phone, replacedVersion } = await newAccount();
  const made = await changeCredential(laptop, { address, credential: 'recovery', newSecret: 'code one', vault: 'with code one', replacedVersion });
  const { vaultVersion, session } = jsonOf(made) as CredentialFinishAnswer;
  expect([session, await isAlive(phone), await canLogIn(address, 'code one', 'recovery'), await canLogIn(address, 'code one')]).toEqual([null, true, true, false]);
  const set = await changeCredential(provider.client(), { address, provenBy: 'recovery', secret: 'code one', newSecret: 'set by code', replacedVersion: vaultVersion });
  expect([set.status, await isAlive(phone), await canLogIn(address, 'set by code')]).toEqual([200, false, true]);
  const version = (jsonOf(set) as CredentialFinishAnswer).vaultVersion;
  const again = await changeCredential(laptop, { address, secret: 'set by code', credential: 'recovery', newSecret: 'code two', replacedVersion: version });
  expect([again.status, await canLogIn(address, 'code one', 'recovery'), await canLogIn(address, 'code two', 'recovery')]).toEqual([200, false, true]);
  const ended = await changeCredential(laptop, { address, secret: 'set by code', newSecret: 'last', endsRecovery: true, replacedVersion: (jsonOf(again) as CredentialFinishAnswer).vaultVersion });
  expect([ended.status, await canLogIn(address, 'code two', 'recovery')]).toEqual([200, false]);
});

test('attempts by recovery code count with those by passphrase; the answer does not tell whether there is a code', async () => {
  const { address } = await newAccount();
  const shapes = [];
  for (let attempt = 0; attempt < 10; attempt++) {
    const { answer } = await provider.client().startLogin(attempt % 2 ? address : 'unknown@example.org', 'guess', 'recovery');
    shapes.push(`${answer.status} ${answer.body.length}`);
  }
  expect(new Set(shapes).size).toBe(1);
  for (let attempt = 0; attempt < 5; attempt++) await provider.client().startLogin(address, 'guess');
  expect(said((await provider.client().startLogin(address, 'guess', 'recovery')).answer)).toEqual([429, { error: 'rateLimited' }]);
});
