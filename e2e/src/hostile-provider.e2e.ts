// A provider that lies to one device, over real processes. Whatever it does: nothing false comes into the device's store, nothing
// true is lost once it is honest again, and what is no mere outage is an alarm with a name.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import type { ImapFlow } from 'imapflow';
import { freePort, type AccountStatus } from '@paloma/reference-deployment';
import { parseGeneration, parseReplicaUid, parseRevision, type TransactionId } from '@paloma/shared-model';
import { encodeCbor, usersPaths, type PullItem } from '@paloma/sync-protocol';
import { HostileProxy, type Lie, type PulledPage } from './harness/hostile-proxy.js';
import { fetchAll, openImap, waitForMessages } from './harness/imap-client.js';
import { World, type UserDevice } from './harness/world.js';

const STRANGER = parseReplicaUid('S'.repeat(22));
/** Syncs after which a device that reads the whole log ever more rarely has read it again. */
const MAX_SYNCS_TO_CONVERGE = 20;

let world: World;
let proxy: HostileProxy;
let laptop: UserDevice;
/** The device that is lied to. */
let desktop: UserDevice;
let laptopImap: ImapFlow;
let desktopImap: ImapFlow;
let mailCount = 0;

beforeAll(async () => {
  const proxyPort = await freePort();
  world = await World.start();
  proxy = new HostileProxy(world.provider.tls, world.provider.ports.users);
  await proxy.listen(proxyPort);
  laptop = await world.signUp('alice');
  desktop = await world.addDevice(laptop, 'desktop', `https://127.0.0.1:${proxyPort}`);
  [laptopImap, desktopImap] = [await openImap(laptop), await openImap(desktop)];
  await write(laptopImap);
  await mark('\\Flagged');
  await inStep();
  await mark('\\Seen');
  await inStep();
});
afterAll(async () => {
  await Promise.all([laptopImap, desktopImap].map((client) => client?.logout()));
  await world?.stop();
  await proxy?.close();
});

async function write(imap: ImapFlow, octets = 100): Promise<void> {
  mailCount += 1;
  const text = `From: a@example.org\r\nTo: alice\r\nSubject: number ${mailCount}\r\nMessage-ID: <${mailCount}@example.org>\r\n\r\n${'x'.repeat(octets)}\r\n`;
  await imap.append('INBOX', Buffer.from(text));
}

async function mark(flag: string): Promise<void> {
  const lock = await laptopImap.getMailboxLock('INBOX');
  await laptopImap.messageFlagsAdd('1', [flag]);
  lock.release();
  await laptop.device.control.sync(laptop.accountId);
}

/** Whether the sync came to its end. */
async function sync(user: UserDevice): Promise<boolean> {
  return user.device.control.sync(user.accountId).then(() => true, () => false);
}

async function statusOf({ device, accountId }: UserDevice): Promise<NonNullable<AccountStatus['sync']>> {
  const account = (await device.control.accounts()).find((each) => each.accountId === accountId);
  return account!.sync!;
}

/** Octets and flags of each message whose body is here. */
async function mailOn(imap: ImapFlow): Promise<string[]> {
  const here = (await fetchAll(imap, 'INBOX')).filter(({ source }: { source?: Buffer }) => source !== undefined);
  return here.map(({ source, flags }) => `${source.toString('latin1')} ${[...flags].sort().join(' ')}`).sort();
}

/** Syncs until both devices hold the same mail. A provider that named a head it never had is to its user one that lost it. */
async function inStep(): Promise<void> {
  for (let round = 0; round < MAX_SYNCS_TO_CONVERGE; round++) {
    await sync(laptop);
    await sync(desktop);
    if ((await statusOf(desktop)).alarm === 'providerRestored') await desktop.device.control.acceptRestoredProvider(desktop.accountId);
    const [here, there] = [await mailOn(laptopImap), await mailOn(desktopImap)];
    if (here.length === mailCount && JSON.stringify(here) === JSON.stringify(there)) return;
  }
  expect(await mailOn(desktopImap)).toEqual(await mailOn(laptopImap));
}

const onLast = (change: (item: PullItem, page: PulledPage) => PullItem): Lie => ({
  page: (page) => ({ ...page, items: page.items.map((item, index) => (index === page.items.length - 1 ? change(item, page) : item)) }),
});
/** In the place of the last document. */
const instead = (make: (page: PulledPage) => Omit<PullItem, 'generation'> | undefined): Lie => ({
  page: (page) => {
    const [last, made] = [page.items.at(-1), make(page)];
    return last && made ? { ...page, items: [...page.items.slice(0, -1), { ...made, generation: last.generation }] } : page;
  },
});
const pulls = (answer: (response: ServerResponse) => void): Lie => ({
  takeOver: (path, response) => {
    if (path !== usersPaths.pull) return false;
    answer(response);
    return true;
  },
});

/** Octets without an end, as fast as they are taken. */
function pourInto(response: ServerResponse, head: Buffer, octets: Buffer): void {
  const pour = (): void => {
    while (!response.destroyed && response.write(octets));
    if (!response.destroyed) response.once('drain', pour);
  };
  response.writeHead(200, { 'content-type': 'application/cbor-seq' });
  response.write(head);
  pour();
}

function flipped(octets: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(octets).map((octet, index) => (index === at ? octet ^ 1 : octet));
}

const strangersNext = ({ revision }: PullItem) => parseRevision([...revision.split('|').filter((part) => !part.startsWith(STRANGER)), `${STRANGER}:1`].sort().join('|'));
const header = (count: number) => encodeCbor({ v: 1, kind: 'pull', count, generation: 1_000_000, transactionId: 'T'.repeat(22), through: 1_000_000 });
/** A state that the device once had and that was changed since. */
const olderState = () => [...proxy.history.values()].find((states) => new Set(states.map(({ revision }) => revision)).size > 1)?.[0];

/** `alarm` null: an outage, not a lie that can be proven. */
const lies: [name: string, alarm: string | null, lie: () => Lie][] = [
  ['alters a document', 'openFailed', () => onLast((item) => ({ ...item, sealed: flipped(item.sealed, 40) }))],
  ['empties a tag', 'openFailed', () => onLast((item) => ({ ...item, sealed: new Uint8Array([...item.sealed.subarray(0, -16), ...new Uint8Array(16)]) }))],
  ['leaves a tag out', 'openFailed', () => onLast((item) => ({ ...item, sealed: item.sealed.slice(0, -16) as PullItem['sealed'] }))],
  ['swaps two documents', 'openFailed', () => onLast((item, { items }) => ({ ...item, sealed: items[0]!.sealed, ...(items.length === 1 && { revision: strangersNext(item) }) }))],
  ['gives an old state a new revision', 'openFailed', () => onLast((item) => ({ ...item, revision: strangersNext(item) }))],
  ['forges a tombstone', 'openFailed', () => onLast((item) => ({ ...item, revision: strangersNext(item), tombstone: true, sealed: new Uint8Array(0) }))],
  ['passes a document off as its deletion', 'openFailed', () => onLast((item) => ({ ...item, tombstone: true }))],
  ['puts plaintext in the place of a sealed document', 'openFailed', () => onLast((item) => ({ ...item, sealed: encodeCbor({ id: 'identity:main', type: 'identity', schemaVersion: 1, content: { identityId: 'main', address: 'eve@example.org', name: 'Eve', textSignature: '' } }) as PullItem['sealed'] }))],
  ['puts in a document of its own', 'openFailed', () => instead(({ items }) => items[0] && ({ ...items[0], id: 'I'.repeat(32) as PullItem['id'] }))],
  ['replays a state from before a change', 'rolledBack', () => instead(olderState)],
  ['leaves out a document and ends the stream correctly', 'withheld', () => ({ page: (page) => ({ ...page, items: page.items.filter(({ class: documentClass }) => documentClass !== 1) }) })],
  ['leaves out the bodies', 'withheld', () => ({ page: (page) => ({ ...page, items: page.items.filter(({ class: documentClass }) => documentClass !== 2) }) })],
  ['leaves out what states that something was written', 'withheld', () => ({ page: (page) => ({ ...page, items: page.items.filter(({ class: documentClass }) => documentClass !== 0) }) })],
  ['goes back to an earlier head', 'providerRestored', () => ({ page: (page) => ({ items: [], header: { ...page.header, generation: parseGeneration(1), through: parseGeneration(1) } }) })],
  ['changes what is under a generation', 'providerRestored', () => ({ page: (page) => ({ items: [], header: { ...page.header, transactionId: 'T'.repeat(22) as TransactionId, generation: parseGeneration(knownGeneration), through: parseGeneration(knownGeneration) } }) })],
  ['turns the order round', 'withheld', () => ({ page: (page) => ({ ...page, items: page.items.toReversed() }) })],
  ['breaks off in the middle of a document', null, () => ({ answer: ({ path, body }) => (path === usersPaths.pull ? body.subarray(0, body.length - 100) : body) })],
  ['changes the digest at the end', null, () => ({ answer: ({ path, body }) => (path === usersPaths.pull ? flipped(body, body.length - 1) : body) })],
  ['announces more documents than there can be', null, () => pulls((response) => pourInto(response, Buffer.from(header(2 ** 40)), Buffer.alloc(65_536)))],
  ['announces one and sends a document without an end', null, () => pulls((response) => pourInto(response, Buffer.from(header(1)), Buffer.from([0x5b, 0, 0, 0, 1, 0, 0, 0, 0])))],
  ['sends rubbish without an end', null, () => pulls((response) => pourInto(response, Buffer.alloc(0), Buffer.alloc(65_536, 0xff)))],
  ['answers every pull with a redirect', null, () => pulls((response) => response.writeHead(302, { location: 'https://127.0.0.1:1/' }).end())],
];
let knownGeneration = 0;

describe('a provider that', () => {
  test.each(lies)('%s (%s)', async (_name, alarm, lie) => {
    await desktop.device.control.dismissAlarms(desktop.accountId);
    const before = await mailOn(desktopImap);
    proxy.lie = { page: (page) => { knownGeneration = page.header.generation; return page; } };
    await sync(desktop);
    proxy.lie = lie();
    await write(laptopImap);
    await sync(laptop);
    const isEnded = await sync(desktop);
    const [status, shown, written] = [await statusOf(desktop), await mailOn(desktopImap), await mailOn(laptopImap)];
    expect({ alarm: status.alarm, isEnded: isEnded || alarm === null || alarm === 'providerRestored' }).toEqual({ alarm, isEnded: true });
    expect(shown.filter((mail) => !written.includes(mail))).toEqual([]);
    expect(before.filter((mail) => !shown.includes(mail))).toEqual([]);
    proxy.turnHonest();
    await inStep();
  });

  test('never answers holds up nothing but the sync', async () => {
    await desktop.device.control.dismissAlarms(desktop.accountId);
    proxy.lie = pulls(() => {});
    await write(laptopImap);
    await sync(laptop);
    const hanging = sync(desktop);
    expect(await mailOn(desktopImap)).toHaveLength(mailCount - 1);
    proxy.turnHonest();
    await hanging;
    await inStep();
    expect((await statusOf(desktop)).alarm).toBeNull();
  });

  test('alters a blob cannot make the device show other octets, nor lose the blob', async () => {
    await write(laptopImap, 200_000);
    await inStep();
    await write(laptopImap, 300_000);
    await sync(laptop);
    proxy.lie = { answer: ({ path, body }) => (path.startsWith('/v1/blobs/') && body.length > 1000 ? flipped(body, body.length - 1000) : body) };
    await sync(desktop);
    await waitForMessages(desktopImap, 'INBOX', mailCount);
    const whole = await mailOn(laptopImap);
    const shown = await mailOn(desktopImap).catch(() => []);
    expect(shown.filter((mail) => mail.includes('xxx') && !whole.includes(mail) && mail.length > 290_000)).toEqual([]);
    proxy.turnHonest();
    await inStep();
  });

  test('pours events without an end harms nothing', async () => {
    proxy.lie = { takeOver: (path, response) => {
      if (path !== usersPaths.events) return false;
      pourInto(response, Buffer.from('event: generation\ndata: '), Buffer.alloc(65_536, 0x78));
      return true;
    } };
    await world.revive({ ...desktop, device: await restarted(desktop) });
    desktopImap = await openImap(desktop);
    await write(laptopImap);
    await inStep();
    proxy.turnHonest();
  });

  test('tells two devices two histories is found out by the one whose history was kept from the other', async () => {
    await inStep();
    await Promise.all([laptop, desktop].map(({ device, accountId }) => device.control.dismissAlarms(accountId)));
    proxy.lie = { page: (page) => ({ ...page, items: [] }) };
    await write(laptopImap);
    await sync(laptop);
    await sync(desktop);
    expect((await statusOf(desktop)).alarm).toBeNull();
    await write(desktopImap);
    await sync(desktop);
    await sync(laptop);
    expect((await statusOf(laptop)).alarm).toBe('forked');
    proxy.turnHonest();
    await write(laptopImap);
    await inStep();
  });
});

async function restarted({ device }: UserDevice): Promise<UserDevice['device']> {
  await device.process.stop();
  return device;
}
