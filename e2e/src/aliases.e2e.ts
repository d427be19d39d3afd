// An alias from the operator's command to the other user's mail program, with real processes: it is offered as a sender, mail to it arrives,
// and others of the provider encrypt to it.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fetchAll, openImap, waitForMessages } from './harness/imap-client.js';
import { JmapClient } from './harness/jmap-client.js';
import { submit } from './harness/mail-program.js';
import { runOperatorCommand } from './harness/operator-command.js';
import { until } from './harness/until.js';
import { DOMAIN, World, type UserDevice } from './harness/world.js';

const ALIAS = `post.office@${DOMAIN}`;
let world: World;
let ana: UserDevice;
let ben: UserDevice;

beforeAll(async () => {
  world = await World.start();
  [ana, ben] = [await world.signUp('ana'), await world.signUp('ben')];
});
afterAll(() => world?.stop());

const operator = (...words: string[]): Promise<string> => runOperatorCommand(world, 'provider-sync', ...words);

async function sendersOf(user: UserDevice): Promise<string[]> {
  const jmap = await JmapClient.open(user);
  const [answer] = await jmap.call(['Identity/get', { accountId: jmap.accountId, ids: null }, '0']);
  return (answer!['list'] as { email: string }[]).map(({ email }) => email);
}

async function securityOf(user: UserDevice, subject: string): Promise<unknown> {
  const jmap = await JmapClient.open(user);
  const [, get] = await jmap.call(
    ['Email/query', { accountId: jmap.accountId, filter: { subject } }, '0'],
    ['Email/get', { accountId: jmap.accountId, '#ids': { resultOf: '0', name: 'Email/query', path: '/ids' }, properties: ['security'] }, '1'],
  );
  return (get!['list'] as { security: unknown }[])[0]?.security;
}

async function arrived(user: UserDevice, count: number): Promise<string> {
  const imap = await openImap(user);
  await waitForMessages(imap, 'INBOX', count);
  const texts = (await fetchAll(imap, 'INBOX')).map(({ source }) => source.toString());
  await imap.logout();
  return texts.at(-1)!;
}

test('an alias that the operator gives is a sender on the user\'s devices, and takes mail that nobody else can read', async () => {
  await expect(submit(ana, ALIAS, ben.address, 'too early')).rejects.toThrow(/550 5\.7\.1/);
  expect(await operator('alias', 'add', ALIAS, ana.address)).toBe('');
  expect(await operator('alias', 'list')).toBe(`${ALIAS} ${ana.address}\n`);
  await until(async () => (await sendersOf(ana)).includes(ALIAS));
  expect(await sendersOf(ana)).toEqual([ana.address, ALIAS]);

  await submit(ben, ben.address, ALIAS, 'to the alias');
  expect(await arrived(ana, 1)).toContain('text of to the alias');
  expect(await securityOf(ana, 'to the alias')).toMatchObject({ status: 'private', isEncrypted: true, signature: 'valid' });

  await submit(ana, ALIAS, ben.address, 'from the alias');
  const text = await arrived(ben, 1);
  expect(text).toMatch(new RegExp(`^From: ${ALIAS}\\r$`, 'm'));
  expect(text).not.toContain(ana.address);
  expect(await securityOf(ben, 'from the alias')).toMatchObject({ status: 'private', isEncrypted: true, signature: 'valid' });

  await submit(ana, ALIAS, 'stranger@example.org', 'to a stranger');
  const [letter] = await world.outside.messages(1);
  expect(letter!.reversePath).toBe(ALIAS);
  expect(letter!.octets.toString()).toContain(`Autocrypt: addr=${ALIAS};`);
  expect(letter!.octets.toString()).not.toContain(ana.address);
});

test('once it is taken away it is no sender, and mail to it is refused', async () => {
  expect(await operator('alias', 'remove', ALIAS)).toBe('');
  await until(async () => !(await sendersOf(ana)).includes(ALIAS));
  await expect(submit(ana, ALIAS, ben.address, 'too late')).rejects.toThrow(/550 5\.7\.1/);
  await expect(operator('alias', 'remove', ALIAS)).rejects.toThrow('there is no such alias');
});
