// A provider that gives an old vault, over real processes: it is said, nothing is lost, and the daemon goes on with what it has.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AccountStatus } from '@paloma/reference-deployment';
import pg from 'pg';
import { fetchAll, openImap, waitForMessages } from './harness/imap-client.js';
import { sendFromOutside } from './harness/outside-world.js';
import { until } from './harness/until.js';
import { World, type UserDevice } from './harness/world.js';

const DAY_MS = 86_400_000;
let world: World;
let laptop: UserDevice;
let phone: UserDevice;
let database: pg.Client;
let mailCount = 0;

beforeAll(async () => {
  world = await World.start();
  database = new pg.Client({ connectionString: world.provider.databaseUrl });
  await database.connect();
  laptop = await world.signUp('alice');
  phone = await world.addDevice(laptop, 'alice-phone');
  await deliver();
});
afterAll(async () => {
  await database?.end();
  await world?.stop();
});

const statusOf = async ({ device, accountId }: UserDevice): Promise<AccountStatus> => (await device.control.accounts()).find((account) => account.accountId === accountId)!;

/** A message from outside, with a body that is a blob. */
async function deliver(): Promise<void> {
  mailCount += 1;
  const octets = Buffer.from(`From: a@example.org\r\nTo: ${laptop.address}\r\nSubject: number ${mailCount}\r\nMessage-ID: <${mailCount}@example.org>\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(2_000)}`);
  await sendFromOutside(world.provider.ports.mx, { reversePath: 'a@example.org', forwardPaths: [laptop.address], octets });
}

/** Everything is there to be read, with its octets. */
async function expectAllMailOn(user: UserDevice): Promise<void> {
  const imap = await openImap(user);
  try {
    await waitForMessages(imap, 'INBOX', mailCount);
    const sizes = (await fetchAll(imap, 'INBOX')).map(({ source }) => source.length > 100_000);
    expect(sizes).toEqual(Array<boolean>(mailCount).fill(true));
  } finally {
    await imap.logout();
  }
}

interface StoredVault {
  sealed: Buffer;
  version: string;
}

async function vaultAtProvider(): Promise<StoredVault> {
  const { rows } = await database.query<StoredVault>('SELECT sealed, version FROM vault WHERE account_id = $1', [laptop.accountId]);
  return rows[0]!;
}

async function give({ sealed }: StoredVault): Promise<void> {
  await database.query(`UPDATE vault SET sealed = $2, version = substr(md5(random()::text), 1, 22) WHERE account_id = $1`, [laptop.accountId, sealed]);
}

async function restart(user: UserDevice): Promise<void> {
  await user.device.process.kill();
  await world.revive(user);
}

const settled = (user: UserDevice) => until(async () => (await statusOf(user)).resealing === null);

test.each<[string, () => Promise<void>]>([
  ['a change of the passphrase', async () => {
    const next = 'quite another passphrase, as long';
    await laptop.device.control.changePassphrase(laptop.accountId, laptop.passphrase, next);
    laptop.passphrase = phone.passphrase = next;
  }],
  ['a rotation', async () => {
    await laptop.device.control.rotate(laptop.accountId);
    await settled(laptop);
  }],
  ['locking out', async () => {
    await laptop.device.control.rotate(laptop.accountId, { passphrase: laptop.passphrase });
    await settled(laptop);
  }],
])('the vault from before %s is an alarm; mail is read, comes and goes on as before, until the provider is honest again', async (_name, change) => {
  const before = await vaultAtProvider();
  await change();
  await until(async () => isOpenAgain(phone));
  const after = await vaultAtProvider();
  await give(before);
  await restart(laptop);
  await until(async () => (await isOpenAgain(laptop)) && (await statusOf(laptop)).vaultRolledBack);
  await deliver();
  await expectAllMailOn(laptop);
  expect((await statusOf(laptop)).sync).toMatchObject({ alarm: null });
  await give(after);
  await restart(laptop);
  await until(async () => (await isOpenAgain(laptop)) && !(await statusOf(laptop)).vaultRolledBack);
  for (const user of [laptop, phone]) await expectAllMailOn(user);
});

/** Unlocked with the passphrase where that is asked for again. */
async function isOpenAgain({ device, accountId, passphrase }: UserDevice): Promise<boolean> {
  const isSynced = await device.control.sync(accountId).then(() => true, () => false);
  const isUnlocked = await device.control.unlock(accountId, passphrase).then(() => true, () => false);
  const { state } = (await device.control.accounts())[0]!;
  return isSynced && isUnlocked && state === 'open';
}

test('a root that is retired after a month takes no mail with it', async () => {
  await laptop.device.control.rotate(laptop.accountId);
  await settled(laptop);
  await restart(phone);
  await phone.device.control.sync(phone.accountId);
  await restart(laptop);
  await laptop.device.control.sync(laptop.accountId);
  const { version } = await vaultAtProvider();
  await world.reviveLater(laptop, 31 * DAY_MS);
  await until(async () => (await vaultAtProvider()).version !== version);
  await restart(phone);
  for (const user of [laptop, phone, await world.addDevice(laptop, 'alice-tablet')]) await expectAllMailOn(user);
});
