import { expect, test } from '@jest/globals';
import { usersPaths, type DeviceListAnswer } from '@paloma/sync-protocol';
import pg from 'pg';
import { providerForTests } from '../test/provider-under-test.js';
import { jsonOf, newReplica, type Answer, type TestClient } from '../test/test-client.js';

const provider = providerForTests();
const said = (answer: Answer) => [answer.status, jsonOf(answer)];
const devicesOf = async (client: TestClient) => (jsonOf(await client.users('GET', usersPaths.devices)) as DeviceListAnswer).devices;

test('devices are listed in the order in which they came, each with when it was last seen', async () => {
  const laptop = await provider.client().signUp('list@example.org');
  const startedAtMs = provider.clock.nowMs();
  provider.clock.advance(5000);
  const phone = await provider.client().logIn('list@example.org');
  provider.clock.advance(2 * 60 * 60_000);
  await phone.users('GET', usersPaths.currentSession);
  expect(await devicesOf(phone)).toEqual([
    { replicaUid: laptop.replicaUid, createdAtMs: startedAtMs, lastSeenAtMs: startedAtMs, isCurrent: false },
    { replicaUid: phone.replicaUid, createdAtMs: startedAtMs + 5000, lastSeenAtMs: provider.clock.nowMs(), isCurrent: true },
  ]);
});

test('a device that is removed loses its sessions and its event connection, and never logs in again under its replica uid', async () => {
  const laptop = await provider.client().signUp('remove@example.org');
  const phone = await provider.client().logIn('remove@example.org');
  const events = await phone.events();
  expect((await laptop.users('DELETE', usersPaths.device(phone.replicaUid))).status).toBe(204);
  const heard = [];
  for (let event = await events.next(); event; event = await events.next()) heard.push(event.event);
  expect(heard.at(-1)).toBe('devices');
  events.close();
  expect(said(await phone.users('GET', usersPaths.currentSession))).toEqual([401, { error: 'unauthorized' }]);
  const { loginId, finishLoginRequest } = await phone.startLogin('remove@example.org');
  expect(said(await phone.finishLogin(loginId, finishLoginRequest!))).toEqual([410, { error: 'gone' }]);
  expect((await devicesOf(laptop)).map(({ replicaUid }) => replicaUid)).toEqual([laptop.replicaUid]);
  const afresh = await provider.client().logIn('remove@example.org');
  expect(await devicesOf(afresh)).toHaveLength(2);
});

test('tombstones do not wait for a device that was removed', async () => {
  const laptop = await provider.client().signUp('forget@example.org');
  const phone = await provider.client().logIn('forget@example.org');
  await phone.pull({ replicaUid: phone.replicaUid });
  const database = new pg.Client({ connectionString: provider.databaseUrl });
  await database.connect();
  const noted = async () => (await database.query('SELECT 1 FROM replica_progress WHERE replica_uid = $1', [phone.replicaUid])).rowCount;
  expect(await noted()).toBeGreaterThan(0);
  await laptop.users('DELETE', usersPaths.device(phone.replicaUid));
  expect(await noted()).toBe(0);
  await database.end();
});

test('nobody removes what is not there, or the device of another account', async () => {
  const [alice, bob] = [await provider.client().signUp(), await provider.client().signUp()];
  for (const replicaUid of [newReplica(), bob.replicaUid]) expect(said(await alice.users('DELETE', usersPaths.device(replicaUid)))).toEqual([404, { error: 'notFound' }]);
  expect((await alice.users('DELETE', usersPaths.device('..' as never))).status).not.toBe(204);
  expect((await bob.users('GET', usersPaths.currentSession)).status).toBe(200);
});
