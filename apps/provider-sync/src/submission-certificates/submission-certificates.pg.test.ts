import { createHash, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { servicesPaths, usersPaths, type NewSubmissionCertificateAnswer, type SubmissionCertificateListAnswer } from '@paloma/sync-protocol';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, type Answer, type TestClient } from '../test/test-client.js';

const DAY_MS = 24 * 60 * 60_000;
const provider = providerForTests({}, 2);
const said = (answer: Answer) => [answer.status, jsonOf(answer)];
const newPublicKey = (): string => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');

const ask = (client: TestClient, publicKey = newPublicKey()): Promise<Answer> => client.users('POST', usersPaths.submissionCertificates, { json: { publicKey } });

async function issue(client: TestClient, publicKey = newPublicKey()): Promise<NewSubmissionCertificateAnswer & { x509: X509Certificate; der: Buffer }> {
  const answer = jsonOf(await ask(client, publicKey)) as NewSubmissionCertificateAnswer;
  const der = Buffer.from(answer.certificate, 'base64url');
  return { ...answer, der, x509: new X509Certificate(der) };
}

const verify = (client: TestClient, der: Uint8Array): Promise<Answer> =>
  client.services('POST', servicesPaths.verifySubmissionCertificate, { json: { sha256: createHash('sha256').update(der).digest('base64url') } });
const listed = async (client: TestClient) => (jsonOf(await client.users('GET', usersPaths.submissionCertificates)) as SubmissionCertificateListAnswer).certificates;
const REFUSED = [401, { error: 'unauthorized' }];

test('a certificate vouches for the account, is for TLS clients alone, and says nothing of whose it is', async () => {
  const client = await provider.client().signUp('ada@example.org');
  const publicKey = newPublicKey();
  const { certificateId, expiresAtMs, x509, der } = await issue(client, publicKey);
  const { stateDirectory } = provider.configuration();
  const authority = join(stateDirectory, 'submission-authority.pem');
  expect(statSync(authority).mode & 0o777).toBe(0o600);
  expect(x509.verify(createPublicKey(readFileSync(authority)))).toBe(true);
  expect(x509.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url')).toBe(publicKey);
  expect([x509.ca, x509.keyUsage, x509.subject, x509.issuer]).toEqual([false, ['1.3.6.1.5.5.7.3.2'], `CN=${certificateId}`, 'CN=Paloma submission at example.org']);
  expect(x509.validFromDate.getTime()).toBeLessThan(provider.clock.nowMs());
  expect([x509.validToDate.getTime(), expiresAtMs]).toEqual([provider.clock.nowMs() + 35 * DAY_MS, provider.clock.nowMs() + 35 * DAY_MS]);
  expect(der.toString('latin1')).not.toMatch(new RegExp(`ada|${client.accountId}|${client.replicaUid}`));
  const answer = [200, { accountId: client.accountId, addresses: ['ada@example.org'] }];
  expect([said(await verify(client, der)), said(await verify(provider.client(1), der))]).toEqual([answer, answer]);
});

test('it ends with its time', async () => {
  const client = await provider.client().signUp('brief@example.org');
  const { der } = await issue(client);
  provider.clock.advance(20 * DAY_MS);
  await client.users('GET', usersPaths.currentSession);
  provider.clock.advance(15 * DAY_MS - 1);
  expect((await verify(client, der)).status).toBe(200);
  provider.clock.advance(1);
  expect(said(await verify(client, der))).toEqual(REFUSED);
  expect(await listed(client)).toEqual([]);
});

test.each<[string, (phone: TestClient, laptop: TestClient) => Promise<Answer>]>([
  ['its device logs out', (phone) => phone.users('DELETE', usersPaths.currentSession)],
  ['its device is removed', (phone, laptop) => laptop.users('DELETE', usersPaths.device(phone.replicaUid))],
])('it ends at once when %s; those of other devices do not', async (_name, end) => {
  const laptop = await provider.client().signUp();
  const [{ addresses: [address] }] = [jsonOf(await laptop.users('GET', usersPaths.currentSession)) as { addresses: [string] }];
  const phone = await provider.client().logIn(address);
  const [ofPhone, ofLaptop] = [await issue(phone), await issue(laptop)];
  expect((await end(phone, laptop)).status).toBe(204);
  expect(said(await verify(laptop, ofPhone.der))).toEqual(REFUSED);
  expect((await verify(laptop, ofLaptop.der)).status).toBe(200);
});

test('it ends with a session that nobody used', async () => {
  const client = await provider.client().signUp();
  provider.clock.advance(29 * DAY_MS);
  const { der } = await issue(client);   // that was a use
  provider.clock.advance(30 * DAY_MS - 1);
  expect((await verify(client, der)).status).toBe(200);
  provider.clock.advance(1);
  expect(said(await verify(client, der))).toEqual(REFUSED);
});

test('each is listed with its device, and revoked by whoever has a session of the account', async () => {
  const laptop = await provider.client().signUp('list@example.org');
  const first = await issue(laptop);
  const firstAtMs = provider.clock.nowMs();
  provider.clock.advance(1000);
  const phone = await provider.client().logIn('list@example.org');
  const second = await issue(phone);
  expect(await listed(laptop)).toEqual([
    { certificateId: first.certificateId, replicaUid: laptop.replicaUid, createdAtMs: firstAtMs, expiresAtMs: first.expiresAtMs },
    { certificateId: second.certificateId, replicaUid: phone.replicaUid, createdAtMs: firstAtMs + 1000, expiresAtMs: second.expiresAtMs },
  ]);
  const stranger = await provider.client().signUp();
  expect(said(await stranger.users('DELETE', usersPaths.submissionCertificate(second.certificateId)))).toEqual([404, { error: 'notFound' }]);
  expect((await laptop.users('DELETE', usersPaths.submissionCertificate(second.certificateId))).status).toBe(204);
  expect(said(await verify(laptop, second.der))).toEqual(REFUSED);
  expect((await listed(phone)).map(({ certificateId }) => certificateId)).toEqual([first.certificateId]);
});

test('an account has twenty of them at once, however many are asked for together', async () => {
  const client = await provider.client().signUp();
  const answers = await Promise.all(Array.from({ length: 23 }, () => ask(client)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(20).fill(201), 403, 403, 403]);
  const [oldest] = await listed(client);
  await client.users('DELETE', usersPaths.submissionCertificate(oldest!.certificateId));
  expect((await ask(client)).status).toBe(201);
});

test.each([
  ['no key', 'AAAA'],
  ['a key that signs nothing', generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64url')],
])('%s is not certified', async (_name, publicKey) => {
  expect(said(await ask(await provider.client().signUp(), publicKey))).toEqual([400, { error: 'badRequest' }]);
});

test('nobody gets one without a session', async () => {
  expect(said(await ask(provider.client()))).toEqual(REFUSED);
});
