// Another key appears in a correspondent's directory, as when his provider is broken into. Alice's message waits and nothing
// leaves, until she has decided; then it leaves at once, encrypted to the key that she chose.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import nodemailer from 'nodemailer';
import * as openpgp from 'openpgp';
import { JmapClient } from './harness/jmap-client.js';
import { World, type UserDevice } from './harness/world.js';

const CAROL = 'carol@example.org';
/** What a directory said is believed for a day. */
const TWO_DAYS_MS = 2 * 86_400_000;

interface KeyPair {
  privateKey: openpgp.PrivateKey;
  fingerprint: string;
}

let world: World;
let alice: UserDevice;
let [carols, others]: [KeyPair | undefined, KeyPair | undefined] = [undefined, undefined];

beforeAll(async () => {
  world = await World.start();
  [alice, carols, others] = await Promise.all([world.signUp('alice'), newKey(), newKey()]);
});
afterAll(() => world?.stop());

test('what alice writes is encrypted to the key in carol\'s directory', async () => {
  publish(carols!);
  await submit('Before');
  const [first] = await world.outside.messages(1);
  expect(await decrypted(first!.octets, carols!)).toContain('text of Before');
});

test('when another key appears there, the message waits and nothing leaves', async () => {
  publish(others!);
  await world.reviveLater(alice, TWO_DAYS_MS);
  await submit('After');
  const jmap = await JmapClient.open(alice);
  await waitUntilHeld(jmap);
  expect(await resolve(jmap)).toMatchObject([{ address: CAROL, state: 'keyChanged', fingerprint: carols!.fingerprint }]);
  const answer = await decide(jmap, { decision: 'takeNew', fingerprint: carols!.fingerprint });
  expect(answer).toMatchObject({ isDecided: false, keys: [{ fingerprint: carols!.fingerprint, state: 'known' }, { fingerprint: others!.fingerprint, state: 'refused', source: 'wkd' }] });
  expect(world.outside.received).toHaveLength(1);
});

test('once alice has taken the new key the message leaves, encrypted to it and to no other', async () => {
  const jmap = await JmapClient.open(alice);
  expect(await decide(jmap, { decision: 'takeNew', fingerprint: others!.fingerprint })).toMatchObject({ isDecided: true });
  const second = (await world.outside.messages(2))[1]!;
  expect(await decrypted(second.octets, others!)).toContain('text of After');
  await expect(decrypted(second.octets, carols!)).rejects.toThrow();
  expect(await resolve(jmap)).toMatchObject([{ state: 'found', fingerprint: others!.fingerprint }]);
});

async function newKey(): Promise<KeyPair> {
  const { privateKey } = await openpgp.generateKey({ userIDs: [{ email: CAROL }], format: 'object' });
  return { privateKey, fingerprint: privateKey.getFingerprint().toUpperCase() };
}

function publish({ privateKey }: KeyPair): void {
  world.web.publish('carol', privateKey.toPublic().write());
}

/** As a mail program does it. */
async function submit(subject: string): Promise<void> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: alice.device.ports.smtp, auth: { user: alice.address, pass: alice.mailAppPassword }, ignoreTLS: true });
  await transport.sendMail({ from: alice.address, to: CAROL, subject, text: `The text of ${subject}.` });
}

/** Until the sender has tried and says why it waits. */
async function waitUntilHeld(jmap: JmapClient): Promise<void> {
  for (;;) {
    const [answer] = await jmap.call(['EmailSubmission/get', { accountId: jmap.accountId, ids: null }, '0']);
    const statuses = (answer!['list'] as { deliveryStatus: Record<string, { delivered: string; smtpReply: string }> }[]).map(({ deliveryStatus }) => deliveryStatus[CAROL]);
    if (statuses.some((status) => status?.delivered === 'queued' && status.smtpReply.includes('key of this address changed'))) return;
  }
}

async function resolve(jmap: JmapClient): Promise<unknown> {
  const [answer] = await jmap.call(['Recipient/resolve', { accountId: jmap.accountId, addresses: [CAROL] }, '0']);
  return answer!['list'];
}

async function decide(jmap: JmapClient, decision: { decision: string; fingerprint: string }): Promise<unknown> {
  const [answer] = await jmap.call(['Key/decide', { accountId: jmap.accountId, address: CAROL, ...decision }, '0']);
  return answer;
}

async function decrypted(octets: Buffer, { privateKey }: KeyPair): Promise<string> {
  const armored = /-----BEGIN PGP MESSAGE-----[^]*?-----END PGP MESSAGE-----/.exec(octets.toString('latin1'))![0];
  const message = await openpgp.readMessage({ armoredMessage: armored });
  const { data } = await openpgp.decrypt({ message, decryptionKeys: privateKey });
  return data.toString();
}
