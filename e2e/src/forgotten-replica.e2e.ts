// A device that was off for a year, and that the provider has forgotten: it goes on by itself, as a new replica, under the uid
// that its store has from then on, whether it finds out while it runs or when it logs in.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { openImap } from './harness/imap-client.js';
import { arrivedSubjects } from './harness/numbered-mail.js';
import { World, type UserDevice } from './harness/world.js';

const YEAR_MS = 366 * 86_400_000;
let world: World;
let laptop: UserDevice;
let database: pg.Client;

beforeAll(async () => {
  world = await World.start();
  database = new pg.Client({ connectionString: world.provider.databaseUrl });
  await database.connect();
  laptop = await world.signUp('alice');
});
afterAll(async () => {
  await database?.end();
  await world?.stop();
});

const notedUid = ({ device, accountId }: UserDevice): string =>
  (JSON.parse(readFileSync(join(device.directory, 'accounts', accountId, 'account.json'), 'utf8')) as { replicaUid: string }).replicaUid;

async function write(user: UserDevice, subject: string): Promise<void> {
  const imap = await openImap(user);
  await imap.append('INBOX', Buffer.from(`From: a@example.org\r\nTo: alice\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.org>\r\n\r\nbody\r\n`));
  await imap.logout();
  await user.device.control.sync(user.accountId);
}

async function deleteAll(user: UserDevice): Promise<void> {
  const imap = await openImap(user);
  const lock = await imap.getMailboxLock('INBOX');
  await imap.messageDelete('1:*');
  lock.release();
  await imap.logout();
  await user.device.control.sync(user.accountId);
}

/** What the provider does to a replica that it has not seen for a year; its session has ended long before. */
async function forget({ accountId }: UserDevice, replicaUid: string, { withSession }: { withSession: boolean }): Promise<void> {
  await database.query('UPDATE replica SET removed_at_ms = 1 WHERE account_id = $1 AND replica_uid = $2', [accountId, replicaUid]);
  if (withSession) await database.query('DELETE FROM session WHERE account_id = $1 AND replica_uid = $2', [accountId, replicaUid]);
}

test.each<[string, boolean]>([['while it runs', false], ['when it logs in', true]])('found out %s: what was deleted meanwhile is gone, what was written is there, and the new uid is the one it logs in with', async (name, withSession) => {
  const tag = withSession ? 'b' : 'a';
  const away = await world.addDevice(laptop, `away-${tag}`);
  await write(laptop, `deleted-${tag}`);
  expect(await arrivedSubjects(away, 1)).toEqual([`deleted-${tag}`]);
  const former = notedUid(away);
  await away.device.stop();
  await deleteAll(laptop);
  await write(laptop, `written-${tag}`);
  await forget(away, former, { withSession });
  await world.reviveLater(away, YEAR_MS);
  expect([name, await arrivedSubjects(away, 1)]).toEqual([name, [`written-${tag}`]]);
  const uid = notedUid(away);
  expect(uid).not.toBe(former);
  expect((await away.device.control.accounts())[0]).toMatchObject({ state: 'open', sync: { alarm: null } });

  await database.query('DELETE FROM session WHERE account_id = $1 AND replica_uid <> $2', [away.accountId, notedUid(laptop)]);
  await away.device.stop();
  await world.revive(away);
  expect([notedUid(away), (await away.device.control.devices(away.accountId)).find(({ isCurrent }) => isCurrent)]).toMatchObject([uid, { replicaUid: uid, name: `away-${tag}` }]);
  await deleteAll(away);
  expect(await arrivedSubjects(laptop, 0)).toEqual([]);
});
