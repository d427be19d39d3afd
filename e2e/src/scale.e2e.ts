// A new device of an account with much mail: the newest page of INBOX is there long before the rest, in bounded memory, and a
// first sync that is interrupted goes on. SCALE_MESSAGES=100000 for the whole of it: an account of 10 GB.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CountingProxy } from './bench/counting-proxy.js';
import { JmapClient } from './harness/jmap-client.js';
import { peakMemoryBytes } from './harness/process-memory.js';
import { World, type UserDevice } from './harness/world.js';
import { subjectOf } from './test/described-message.js';
import type { FillAnswer, FillRequest } from './test/fill-account.js';

const MESSAGES = Number(process.env['SCALE_MESSAGES'] ?? 20_000);
const PAGE = 50;
/** Of what the account holds, and of what its summaries alone take, this much may move before the newest page is seen. */
const MAX_SHARE_BEFORE_PAGE = 0.02;
const MAX_PEAK_BYTES = 300e6;
const POLL_MS = 200;

jest.setTimeout(MESSAGES * 12);

let world: World;
let proxy: CountingProxy;
let alice: UserDevice;
let describedBytes: number;
let fresh: UserDevice;
/** Moved between the new device and the provider until the newest page was seen. */
let pageOctets: number;
const figures: Record<string, number | string> = { messages: MESSAGES };

beforeAll(async () => {
  world = await World.start();
  proxy = await CountingProxy.start(world.provider.ports.users);
  alice = await world.signUp('alice');
  await alice.device.stop();
  const startMs = performance.now();
  describedBytes = await fillAccount();
  note('filled after s', secondsSince(startMs));
  note('described MB', describedBytes / 1e6);
});
afterAll(async () => {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  await proxy?.close();
  await world?.stop();
});

test('the newest page of INBOX is seen after a small part of the octets', async () => {
  const startMs = performance.now();
  fresh = await world.addDevice(alice, 'fresh', `https://127.0.0.1:${proxy.port}`);
  note('signed in after s', secondsSince(startMs));
  const jmap = await JmapClient.open(fresh);
  let subjects = await newestSubjects(jmap);
  while (subjects.length < PAGE || subjects[0] !== subjectOf(MESSAGES - 1)) subjects = await newestSubjects(jmap);
  pageOctets = proxy.octets;
  note('page after s', secondsSince(startMs));
  note('page after MB', pageOctets / 1e6);
  expect(subjects).toEqual(Array.from({ length: PAGE }, (_, index) => subjectOf(MESSAGES - 1 - index)));
  expect(pageOctets).toBeLessThan(describedBytes * MAX_SHARE_BEFORE_PAGE);
});

test('a first sync that is stopped ends at once, and goes on where it was', async () => {
  const startMs = performance.now();
  const octetsBefore = proxy.octets;
  await fresh.device.stop();
  note('stopped after s', secondsSince(startMs));
  note('before the stop MB', octetsBefore / 1e6);
  await world.revive(fresh);
  const left = await pendingDown();
  expect(left).toBeGreaterThan(0);
  note('left after the stop', left);
});

test('all summaries come, what is left only shrinks, and neither end needs much memory', async () => {
  const startMs = performance.now();
  const left: number[] = [];
  while (left.at(-1) !== 0) {
    left.push(await pendingDown());
    await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
  }
  note('summaries after s', secondsSince(startMs));
  note('summaries after MB', proxy.octets / 1e6);
  expect(pageOctets).toBeLessThan(proxy.octets * MAX_SHARE_BEFORE_PAGE);
  expect(left).toEqual(left.toSorted((a, b) => b - a));
  const jmap = await JmapClient.open(fresh);
  const [inbox] = (await jmap.call(['Mailbox/get', { accountId: jmap.accountId, ids: ['inbox'], properties: ['totalEmails'] }, '0']))[0]!['list'] as { totalEmails: number }[];
  expect(inbox!.totalEmails).toBe(MESSAGES);
  const peaks = { daemon: peakMemoryBytes(fresh.device.process.pid), 'provider-sync': peakMemoryBytes(world.provider.sync.pid) };
  for (const [name, peak] of Object.entries(peaks)) note(`${name} peak MB`, peak / 1e6);
  expect(peaks.daemon).toBeLessThan(MAX_PEAK_BYTES);
  expect(peaks['provider-sync']).toBeLessThan(MAX_PEAK_BYTES);
});

async function fillAccount(): Promise<number> {
  const filler = fork(new URL('../dist/test/fill-account.js', import.meta.url), { execArgv: ['--conditions=paloma-device'] });
  const ended = once(filler, 'exit');
  filler.send({
    apiUrl: world.provider.publicUrl, authorityFile: world.provider.tls.authorityFile, address: alice.address, passphrase: alice.passphrase,
    directory: join(world.directory, 'filler'), messages: MESSAGES,
  } satisfies FillRequest);
  const [answer] = await Promise.race([once(filler, 'message'), ended]) as [FillAnswer | number | null];
  if (typeof answer !== 'object' || answer === null) throw new Error('the account could not be filled');
  await ended;
  return answer.describedBytes;
}

/** Subjects of the newest messages in INBOX, newest first. */
async function newestSubjects(jmap: JmapClient): Promise<string[]> {
  const [, emails] = await jmap.call(
    ['Email/query', { accountId: jmap.accountId, filter: { inMailbox: 'inbox' }, sort: [{ property: 'receivedAt', isAscending: false }], limit: PAGE }, '0'],
    ['Email/get', { accountId: jmap.accountId, '#ids': { resultOf: '0', name: 'Email/query', path: '/ids' }, properties: ['subject'] }, '1'],
  );
  return (emails!['list'] as { subject: string }[]).map(({ subject }) => subject);
}

async function pendingDown(): Promise<number> {
  const [account] = await fresh.device.control.accounts();
  return account!.sync!.pendingDown;
}

function note(name: string, value: number): void {
  figures[name] = Math.round(value * 100) / 100;
}

function secondsSince(startMs: number): number {
  return (performance.now() - startMs) / 1000;
}
