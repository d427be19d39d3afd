// Two devices of one user: nothing but address and passphrase, then the same mail on both.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ImapFlow } from 'imapflow';
import { fetchAll, waitForFlag, waitForMessages } from './harness/imap-client.js';
import { arrivedSubjects, deliverNumber } from './harness/numbered-mail.js';
import { World, type UserDevice } from './harness/world.js';

let world: World;
let laptop: UserDevice;
let desktop: UserDevice;
const imapOf = (user: UserDevice): Promise<ImapFlow> => world.openImap(user);
const deliver = (number: number): Promise<void> => deliverNumber(world, laptop, number);

beforeAll(async () => {
  world = await World.start();
  laptop = await world.signUp('alice');
  await deliver(0);
  await waitForMessages(await imapOf(laptop), 'INBOX', 1);
  await laptop.device.control.sync(laptop.accountId);
  desktop = await world.addDevice(laptop, 'desktop');
});
afterAll(() => world?.stop());

test('a new device gets the mail that was there before it', async () => {
  const imap = await imapOf(desktop);
  await waitForMessages(imap, 'INBOX', 1);
  const [old] = await fetchAll(imap, 'INBOX');
  const [original] = await fetchAll(await imapOf(laptop), 'INBOX');
  expect(old!.source.equals(original!.source)).toBe(true);
});

test('what is read on one device is read on the other', async () => {
  const reader = await imapOf(laptop);
  const watcher = await imapOf(desktop);
  const lock = await reader.getMailboxLock('INBOX');
  await reader.messageFlagsAdd('1', ['\\Seen']);
  lock.release();
  await waitForFlag(watcher, 'INBOX', 1, '\\Seen');
});

test('mail that both devices may take at once is filed once on each', async () => {
  const before = (await fetchAll(await imapOf(desktop), 'INBOX')).length;
  const count = 20;
  await Promise.all(Array.from({ length: count }, (_, index) => deliver(100 + index)));
  for (const user of [laptop, desktop]) {
    const subjects = await arrivedSubjects(user, before + count);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(subjects).toHaveLength(before + count);
  }
});
