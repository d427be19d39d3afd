// An account over its life, with real processes: passphrase, recovery code, devices, storage root.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { arrivedSubjects, deliverNumber } from './harness/numbered-mail.js';
import { until } from './harness/until.js';
import { World, type UserDevice } from './harness/world.js';

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

const stateOf = async ({ device, accountId }: UserDevice): Promise<string> =>
  (await device.control.accounts()).find((account) => account.accountId === accountId)!.state;
const resealingOf = async ({ device, accountId }: UserDevice) =>
  (await device.control.accounts()).find((account) => account.accountId === accountId)!.resealing;

const deliver = (user: UserDevice, number: number, bodyBytes?: number): Promise<void> => deliverNumber(world, user, number, bodyBytes);

describe('passphrase and recovery code', () => {
  const NEW = 'a new passphrase, quite long';
  let laptop: UserDevice;
  let phone: UserDevice;

  beforeAll(async () => {
    laptop = await world.signUp('alice');
    phone = await world.addDevice(laptop, 'alice-phone');
    await deliver(laptop, 1);
    await arrivedSubjects(laptop, 1);
    await laptop.device.control.sync(laptop.accountId);
  });

  test('a change on one device ends the session of the other, at once', async () => {
    await laptop.device.control.changePassphrase(laptop.accountId, laptop.passphrase, NEW);
    await until(async () => (await stateOf(phone)) === 'signInNeeded');
    expect(await stateOf(laptop)).toBe('open');
    await deliver(laptop, 2);
    expect(await arrivedSubjects(laptop, 2)).toEqual(['number 1', 'number 2']);
  });

  test('the old passphrase is refused on both devices, also after a restart; the new one opens everything', async () => {
    const old = laptop.passphrase;
    const refused = /wrongPassphrase/;
    await expect(phone.device.control.unlock(phone.accountId, old)).rejects.toThrow(refused);
    for (const user of [laptop, phone]) {
      await user.device.process.kill();
      await user.device.start();
      await expect(user.device.control.unlock(user.accountId, old)).rejects.toThrow(refused);
      await user.device.control.unlock(user.accountId, NEW);
      expect(await stateOf(user)).toBe('open');
      user.passphrase = NEW;
    }
    expect(await arrivedSubjects(phone, 2)).toEqual(['number 1', 'number 2']);
  });

  test('a fresh device with nothing but the recovery code reads the mail, under a passphrase of its choice', async () => {
    const { code, kit } = await laptop.device.control.createRecoveryCode(laptop.accountId, NEW);
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(kit.html).toContain(code.split('-')[3]);
    const rescued = await world.recoverDevice(laptop, 'alice-rescued', code.toLowerCase().replaceAll('-', ' '), 'chosen after the flood');
    expect(await arrivedSubjects(rescued, 2)).toEqual(['number 1', 'number 2']);
    await until(async () => (await stateOf(laptop)) === 'signInNeeded');
    await expect(laptop.device.control.unlock(laptop.accountId, NEW)).rejects.toThrow(/wrongPassphrase/);
    await laptop.device.control.unlock(laptop.accountId, 'chosen after the flood');
    expect(await stateOf(laptop)).toBe('open');
  });

  test('a mistyped code is told from a wrong one', async () => {
    await expect(world.recoverDevice(laptop, 'alice-mistyped', '11111-'.repeat(8).slice(0, -1), 'x')).rejects.toThrow(/Group 1 of the recovery code is mistyped/);
  });
});

describe('devices and the storage root', () => {
  let laptop: UserDevice;
  let phone: UserDevice;
  const MESSAGES = 12;

  beforeAll(async () => {
    laptop = await world.signUp('bob');
    phone = await world.addDevice(laptop, 'bob-phone');
    for (let number = 0; number < MESSAGES; number++) await deliver(laptop, number + 10, number % 3 === 0 ? 100_000 : 100);
    for (const user of [laptop, phone]) {
      await arrivedSubjects(user, MESSAGES);
      await user.device.control.sync(user.accountId);
    }
  });

  test('devices are listed by the names they were given', async () => {
    await phone.device.control.sync(phone.accountId);
    await laptop.device.control.sync(laptop.accountId);
    expect((await laptop.device.control.devices(laptop.accountId)).map(({ name, isCurrent }) => [name, isCurrent])).toEqual([['bob-1', true], ['bob-phone', false]]);
  });

  test('a rotation that is killed goes on afterwards; everything is sealed anew and both devices read everything', async () => {
    await laptop.device.control.rotate(laptop.accountId);
    await laptop.device.process.kill();
    await world.revive(laptop);
    await until(async () => (await stateOf(laptop)) === 'open' && (await resealingOf(laptop)) === null);
    await laptop.device.control.sync(laptop.accountId);
    expect(await epochsAtProvider(laptop.accountId)).toEqual([2]);
    await phone.device.control.sync(phone.accountId);
    const expected = Array.from({ length: MESSAGES }, (_, number) => `number ${number + 10}`).sort();
    expect([await arrivedSubjects(laptop, MESSAGES), await arrivedSubjects(phone, MESSAGES)]).toEqual([expected, expected]);
    expect((await phone.device.control.accounts())[0]).toMatchObject({ state: 'open', sync: { alarm: null } });
    const fresh = await world.addDevice(laptop, 'bob-tablet');
    expect(await arrivedSubjects(fresh, MESSAGES)).toEqual(expected);
  });

  test('a device that is removed is out; it comes back only afresh', async () => {
    const { replicaUid } = (await laptop.device.control.devices(laptop.accountId)).find(({ name }) => name === 'bob-phone')!;
    await laptop.device.control.removeDevice(laptop.accountId, replicaUid);
    await until(async () => (await stateOf(phone)) === 'signInNeeded');
    await expect(phone.device.control.unlock(phone.accountId, phone.passphrase)).rejects.toThrow(/deviceRemoved/);
    expect((await laptop.device.control.devices(laptop.accountId)).map(({ name }) => name)).not.toContain('bob-phone');
  });

  test('a rotation that locks out wants the passphrase on every other device', async () => {
    const tablet = await world.addDevice(laptop, 'bob-tablet-2');
    await laptop.device.control.rotate(laptop.accountId, { passphrase: laptop.passphrase });
    await until(async () => (await stateOf(tablet)) === 'signInNeeded');
    await tablet.device.control.unlock(tablet.accountId, tablet.passphrase);
    await until(async () => (await resealingOf(laptop)) === null);
    expect(await epochsAtProvider(laptop.accountId)).toEqual([3]);
    expect(await arrivedSubjects(tablet, MESSAGES)).toHaveLength(MESSAGES);
  });
});

/** Key epochs of everything that the provider keeps of an account: documents by their record, blobs by the header of their octets. */
async function epochsAtProvider(accountId: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: world.provider.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ epoch: number }>(
      `SELECT epoch FROM document WHERE account_id = $1
       UNION SELECT get_byte(sealed, 4) FROM blob WHERE account_id = $1 AND sealed IS NOT NULL ORDER BY 1`, [accountId]);
    return rows.map(({ epoch }) => epoch);
  } finally {
    await client.end();
  }
}
