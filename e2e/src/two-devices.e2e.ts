// Two devices of one user: nothing but address and passphrase, then the same mail on both.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ImapFlow } from 'imapflow';
import { fetchAll, openImap, waitForFlag, waitForMessages } from './harness/imap-client.js';
import { sendFromOutside } from './harness/outside-world.js';
import { World, type UserDevice } from './harness/world.js';

let world: World;
let laptop: UserDevice;
let desktop: UserDevice;
const clients: ImapFlow[] = [];

async function imapOf(user: UserDevice): Promise<ImapFlow> {
  const client = await openImap(user);
  clients.push(client);
  return client;
}

function mailNumber(number: number): Buffer {
  return Buffer.from(`From: a@example.org\r\nTo: alice\r\nSubject: number ${number}\r\nMessage-ID: <${number}@example.org>\r\n\r\nbody ${number}\r\n`);
}

async function deliver(number: number): Promise<void> {
  await sendFromOutside(world.provider.ports.mx, { reversePath: 'a@example.org', forwardPaths: [laptop.address], octets: mailNumber(number) });
}

beforeAll(async () => {
  world = await World.start();
  laptop = await world.signUp('alice');
  await deliver(0);
  await waitForMessages(await imapOf(laptop), 'INBOX', 1);
  await laptop.device.control.sync(laptop.accountId);
  desktop = await world.addDevice(laptop, 'desktop');
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.logout()));
  await world?.stop();
});

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
    const imap = await imapOf(user);
    await waitForMessages(imap, 'INBOX', before + count);
    await user.device.control.sync(user.accountId);
    const subjects = (await fetchAll(imap, 'INBOX')).map(({ source }) => /^Subject: (.*)\r$/m.exec(source.toString('latin1'))![1]);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(subjects).toHaveLength(before + count);
  }
});
