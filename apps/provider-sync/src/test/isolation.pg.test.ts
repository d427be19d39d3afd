// What no account may do to another, and what the log may never hold.

import { expect, test } from '@jest/globals';
import { parseBlobId, parseBlobNamespace, parseIncomingItemId } from '@paloma/shared-model';
import { blobListAnswer, infoAnswer, INCOMING_STREAM, INCOMING_STREAM_LIMITS, leaseAnswer, servicesPaths, settleAnswer, usersPaths } from '@paloma/sync-protocol';
import pg from 'pg';
import { providerForTests } from './provider-under-test.js';
import { decodeAnswer, newDocument, octets, randomText } from './test-client.js';

const provider = providerForTests();
const mail = parseBlobNamespace('mail');

test('an account reaches nothing of another, though it knows every id', async () => {
  const [alice, mallory] = [await provider.client().signUp(), await provider.client().signUp()];
  const [document, blobId, itemId] = [newDocument({ sealed: octets('sealed by alice') }), parseBlobId(randomText(43)), parseIncomingItemId(randomText(43))];
  await alice.push([document]);
  await alice.users('PUT', usersPaths.blob(mail, blobId), { body: octets('blob of alice') });
  await alice.users('PUT', usersPaths.vault, { body: octets('vault of alice'), headers: { 'if-none-match': '*' } });
  await alice.deliver(alice.accountId, itemId, octets('mail for alice'));
  const [leased] = (await alice.cbor(leaseAnswer, 'POST', usersPaths.incomingLease, { replicaUid: alice.replicaUid, limit: 1 })).items;

  expect((await mallory.pull({ replicaUid: alice.replicaUid })).items).toEqual([]);
  expect((await mallory.push([newDocument({ id: document.id, revision: `${'z'.repeat(22)}:9` })])).outcomes[0]).toMatchObject({ outcome: 'inserted', generation: 1 });
  expect((await mallory.users('GET', usersPaths.blob(mail, blobId))).status).toBe(404);
  expect((await mallory.users('DELETE', usersPaths.blob(mail, blobId))).status).toBe(204);
  expect((await mallory.cbor(blobListAnswer, 'GET', usersPaths.blobList(mail))).blobs).toEqual([]);
  expect((await mallory.users('GET', usersPaths.vault)).status).toBe(404);
  const items = [{ itemId, lease: leased!.lease }];
  expect((await decodeAnswer(await mallory.users('POST', usersPaths.incomingFetch, { cbor: { items } }), INCOMING_STREAM, INCOMING_STREAM_LIMITS)).items).toEqual([{ itemId, lost: true }]);
  await mallory.cbor(settleAnswer, 'POST', usersPaths.incomingSettle, { acks: items, releases: [], failures: [] });
  expect((await mallory.cbor(leaseAnswer, 'POST', usersPaths.incomingLease, { replicaUid: mallory.replicaUid, limit: 10 })).items).toEqual([]);

  expect((await alice.pull()).items.map(({ sealed }) => Buffer.from(sealed).toString())).toEqual(['sealed by alice']);
  expect((await alice.users('GET', usersPaths.blob(mail, blobId))).body.toString()).toBe('blob of alice');
  expect((await decodeAnswer(await alice.users('POST', usersPaths.incomingFetch, { cbor: { items } }), INCOMING_STREAM, INCOMING_STREAM_LIMITS)).items).toMatchObject([{ itemId }]);
  expect((await alice.cbor(infoAnswer, 'GET', usersPaths.info)).usedBytes).toBe(15 + 13 + 14);
});

test('every table of user data begins its primary key with the account, and no foreign key leads to another account', async () => {
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  const { rows: keys } = await database.query<{ table: string; column: string }>(
    `SELECT relname AS table, attname AS column FROM pg_index JOIN pg_class ON pg_class.oid = indrelid JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
     WHERE indisprimary AND relnamespace = 'public'::regnamespace`);
  const { rows: foreign } = await database.query<{ definition: string }>(
    `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`);
  await database.end();
  const notOfAnAccount = ['migrations', 'invitation', 'login_attempt', 'pending_login', 'retired_address'];
  expect(keys.filter(({ column }) => column !== 'account_id').map(({ table }) => table).sort()).toEqual([...notOfAnAccount].sort());
  for (const { definition } of foreign) expect(definition).toMatch(/^FOREIGN KEY \(account_id\) REFERENCES account\(account_id\)|^FOREIGN KEY \((account_id, \w+)\) REFERENCES \w+\(\1\)/);
});

test('the log tells what was asked and how it went, and holds no address, token, id or peer', async () => {
  const address = 'canary-address@example.org';
  const client = await provider.client().signUp(address);
  await client.users('PUT', `/v1/certificates/${encodeURIComponent(address)}`, { body: octets('x') });
  await client.services('GET', servicesPaths.recipient(address as never));
  await client.services('POST', servicesPaths.verifySession, { json: { token: client.token } });
  await client.startLogin(address, 'canary-passphrase');
  await client.push([newDocument()]);
  await client.users('PUT', usersPaths.blob(mail, parseBlobId('c'.repeat(43))), { body: octets('x') });
  await client.users('GET', '/v1/canary-path?canary-query=1');
  const log = provider.logLines.join('');
  expect(log).toContain('"route":"/v1/certificates/:address","status":400');
  expect(log).toContain('"route":"/v1/sync/push","status":200');
  for (const secret of ['canary', client.token!, client.accountId, client.replicaUid, 'c'.repeat(43), 's'.repeat(43), '127.0.0.1', '::1']) expect(log).not.toContain(secret);
});
