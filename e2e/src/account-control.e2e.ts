// An operator disables an account, enables it again and deletes it, with real processes: mail waits on both sides and nothing is lost.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fetchAll, waitForMessages } from './harness/imap-client.js';
import { JmapClient } from './harness/jmap-client.js';
import { submit } from './harness/mail-program.js';
import { runOperatorCommand } from './harness/operator-command.js';
import { until } from './harness/until.js';
import { composeWithNodemailer, sendFromOutside } from './harness/outside-world.js';
import { World, type UserDevice } from './harness/world.js';

let world: World;
let ana: UserDevice;
let ben: UserDevice;

beforeAll(async () => {
  world = await World.start();
  [ana, ben] = [await world.signUp('ana'), await world.signUp('ben')];
});
afterAll(() => world?.stop());

const operator = (...words: string[]): Promise<string> => runOperatorCommand(world, 'provider-sync', ...words);

async function sendToAna(subject: string): Promise<void> {
  const octets = await composeWithNodemailer({ from: 'stella@outside.example', to: ana.address, subject, text: `text of ${subject}` });
  await sendFromOutside(world.provider.ports.mx, { reversePath: 'stella@outside.example', forwardPaths: [ana.address], octets });
}

async function syncErrorOf(user: UserDevice): Promise<unknown> {
  const jmap = await JmapClient.open(user);
  const [answer] = await jmap.call(['SyncStatus/get', { accountId: jmap.accountId, ids: null }, '0']);
  return (answer!['list'] as { error: string | null }[])[0]!.error;
}

async function textsOf(user: UserDevice, count: number): Promise<string> {
  const imap = await world.openImap(user);
  await waitForMessages(imap, 'INBOX', count);
  return (await fetchAll(imap, 'INBOX')).map(({ source }) => source.toString()).join('\n');
}

test('while an account is disabled its mail waits outside, in the queue and on its device, and all of it moves on when it is enabled', async () => {
  await operator('account', 'disable', ana.address);
  expect(await operator('account', 'list')).toMatch(new RegExp(`^${ana.address} .* disabled$`, 'm'));
  await expect(sendToAna('from a stranger')).rejects.toThrow('450 4.2.1 mailbox is disabled');
  await submit(ben, ben.address, ana.address, 'from a neighbour');
  await submit(ana, ana.address, 'stranger@example.org', 'from ana');
  await until(async () => (await syncErrorOf(ana)) === 'accountDisabled');
  await until(async () => (await runOperatorCommand(world, 'provider-mx', 'queue', 'list')).includes('4.2.1'));
  expect(world.outside.received).toEqual([]);

  await operator('account', 'enable', ana.address);
  await sendToAna('from a stranger');
  const texts = await textsOf(ana, 2);
  expect(texts).toContain('text of from a stranger');
  expect(texts).toContain('text of from a neighbour');
  expect((await world.outside.messages(1))[0]!.octets.toString()).toContain('text of from ana');
  await until(async () => (await syncErrorOf(ana)) === null);
});

test('what is left of a deleted account is what its device has', async () => {
  await expect(operator('account', 'delete', ana.address)).rejects.toThrow('disable it first');
  await operator('account', 'disable', ana.address);
  await operator('account', 'delete', ana.address);
  expect(await operator('account', 'list')).not.toContain(ana.address);
  await expect(sendToAna('too late')).rejects.toThrow('550 5.1.1');
  await submit(ana, ana.address, 'stranger@example.org', 'after the end');
  await until(async () => (await syncErrorOf(ana)) === 'unauthorized');
  expect(await textsOf(ana, 2)).toContain('text of from a neighbour');
});
