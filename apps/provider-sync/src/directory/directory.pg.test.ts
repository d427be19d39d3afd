import { expect, test } from '@jest/globals';
import { wkdHash } from '@paloma/crypto/public';
import { parseMailAddress } from '@paloma/shared-model';
import { servicesPaths, usersPaths } from '@paloma/sync-protocol';
import { generateKey, readKey } from 'openpgp';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, octets, type Answer } from '../test/test-client.js';

const provider = providerForTests();
const said = (answer: Answer) => [answer.status, jsonOf(answer)];

async function newCertificate(email: string): Promise<{ certificate: Uint8Array; secretKey: Uint8Array }> {
  const date = new Date(provider.clock.nowMs() - 1000);
  const { publicKey, privateKey } = await generateKey({ userIDs: [{ email }], type: 'ecc', curve: 'curve25519Legacy', format: 'binary', date });
  return { certificate: publicKey, secretKey: privateKey };
}

test.each(['/mail/config-v1.1.xml?emailaddress=ana%40example.org', '/.well-known/autoconfig/mail/config-v1.1.xml'])('a mail program that asks at %s is sent to the daemon on its own machine', async (path) => {
  const { status, headers, body } = await provider.client().users('GET', path);
  expect([status, headers['content-type']]).toEqual([200, 'text/xml; charset=utf-8']);
  const servers = [...body.toString().matchAll(/Server type="(\w+)">\s*<hostname>(.*)<\/hostname>\s*<port>(\d+)<\/port>\s*<socketType>(\w+)</g)].map((match) => match.slice(1));
  expect(servers).toEqual([['imap', '127.0.0.1', '1984', 'plain'], ['smtp', '127.0.0.1', '2013', 'plain']]);
  expect(body.toString()).toContain('<domain>example.org</domain>');
  expect(body.toString()).not.toContain('ana');
});

test('a certificate that its owner publishes is found by both methods of the Web Key Directory', async () => {
  const address = parseMailAddress('joe.doe@example.org');
  const client = await provider.client().signUp(address);
  const hash = wkdHash('joe.doe');
  expect(hash).toBe('iy9q119eutrkn8s1mk4r39qejnbu3n5q');   // the example of draft-koch-openpgp-webkey-service §3.1
  expect(said(await client.users('GET', usersPaths.webKey(hash, 'joe.doe')))).toEqual([404, { error: 'notFound' }]);
  const { certificate } = await newCertificate(address);
  expect((await client.users('PUT', usersPaths.certificate(address), { body: certificate })).status).toBe(204);
  const anybody = provider.client();
  for (const path of [usersPaths.webKey(hash, 'Joe.Doe'), `/.well-known/openpgpkey/example.org/hu/${hash}?l=joe.doe`]) {
    const found = await anybody.users('GET', path);
    expect([found.status, found.headers['content-type'], found.headers['access-control-allow-origin']]).toEqual([200, 'application/octet-stream', '*']);
    expect((await readKey({ binaryKey: new Uint8Array(found.body) })).getUserIDs()).toEqual(['<joe.doe@example.org>']);
  }
  const { certificate: successor } = await newCertificate(address);
  await client.users('PUT', usersPaths.certificate(address), { body: successor });
  expect(Buffer.from((await anybody.users('GET', usersPaths.webKey(hash, 'joe.doe'))).body)).toEqual(Buffer.from(successor));
  expect(jsonOf(await client.services('GET', servicesPaths.recipient(address)))).toMatchObject({ certificate: Buffer.from(successor).toString('base64url') });
});

test('a certificate that two devices publish at once is there once', async () => {
  const address = parseMailAddress('twice@example.org');
  const client = await provider.client().signUp(address);
  const { certificate } = await newCertificate(address);
  const publish = async (): Promise<number> => (await client.users('PUT', usersPaths.certificate(address), { body: certificate })).status;
  for (let round = 0; round < 10; round++) expect(await Promise.all([publish(), publish(), publish(), publish()])).toEqual([204, 204, 204, 204]);
  expect(jsonOf(await client.services('GET', servicesPaths.recipient(address)))).toMatchObject({ certificate: Buffer.from(certificate).toString('base64url') });
});

test('there is a policy file for our domain and nothing for others', async () => {
  const client = provider.client();
  for (const path of ['/.well-known/openpgpkey/policy', '/.well-known/openpgpkey/example.org/policy']) {
    const answer = await client.users('GET', path);
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
  }
  expect((await client.users('GET', '/.well-known/openpgpkey/other.example/policy')).status).toBe(404);
  expect((await client.users('GET', `/.well-known/openpgpkey/other.example/hu/${wkdHash('joe')}`)).status).toBe(404);
  expect((await client.users('GET', '/.well-known/openpgpkey/hu/nothing')).status).toBe(404);
});

test('only the owner of an address publishes, and only what belongs to it', async () => {
  const client = await provider.client().signUp('owner@example.org');
  await provider.client().signUp('other@example.org');
  const { certificate, secretKey } = await newCertificate('owner@example.org');
  const put = async (address: string, body: Uint8Array, token = client.token) => said(await client.users('PUT', usersPaths.certificate(parseMailAddress(address)), { body, token }));
  expect(await put('other@example.org', certificate)).toEqual([403, { error: 'forbidden' }]);
  expect(await put('nobody@example.org', certificate)).toEqual([403, { error: 'forbidden' }]);
  expect(await put('owner@example.org', (await newCertificate('other@example.org')).certificate)).toEqual([400, { error: 'badRequest' }]);
  expect(await put('owner@example.org', octets('no certificate'))).toEqual([400, { error: 'badRequest' }]);
  expect(await put('owner@example.org', secretKey)).toEqual([400, { error: 'badRequest' }]);
  expect(await put('owner@example.org', new Uint8Array(64 * 1024 + 1))).toEqual([413, { error: 'tooLarge' }]);
  expect(await put('owner@example.org', certificate, 'x'.repeat(43))).toEqual([401, { error: 'unauthorized' }]);
  expect((await client.users('GET', usersPaths.webKey(wkdHash('owner'), 'owner'))).status).toBe(404);
});

test('behind a proxy on this machine each peer that it names is counted for itself, and what a peer wrote there before counts for nothing', async () => {
  const client = provider.client();
  const ask = async (forwardedFor: string) => (await client.users('GET', usersPaths.webKey(wkdHash('somebody'), 'somebody'), { headers: { 'x-forwarded-for': forwardedFor } })).status;
  provider.clock.advance(60_000);
  for (let query = 0; query < 120; query++) expect(await ask('192.0.2.1')).toBe(404);
  expect([await ask('192.0.2.1'), await ask('192.0.2.9, 192.0.2.1'), await ask('192.0.2.1, 192.0.2.2')]).toEqual([429, 429, 404]);
});

test('a peer that asks too often waits for the minute to pass', async () => {
  const client = provider.client();
  const ask = () => client.users('GET', usersPaths.webKey(wkdHash('somebody'), 'somebody'));
  provider.clock.advance(60_000);
  for (let query = 0; query < 120; query++) expect((await ask()).status).toBe(404);
  const answer = await ask();
  expect([...said(answer), answer.headers['retry-after']]).toEqual([429, { error: 'rateLimited' }, '60']);
  provider.clock.advance(60_000);
  expect((await ask()).status).toBe(404);
});
