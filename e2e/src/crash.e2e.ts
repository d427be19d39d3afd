// kill -9 of each process at a random moment of a 50-message journey: 50 messages, none twice. Ten seeds; `CRASH_SEEDS=40` runs more.
// The journey out and in at once: alice's mail program → her daemon → provider-mx → provider-sync → bob's daemon, and a stranger → alice.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import nodemailer from 'nodemailer';
import { seededRandom } from '@paloma/test-kit';
import { arrivedSubjects } from './harness/numbered-mail.js';
import { World, type UserDevice } from './harness/world.js';

const SEEDS = Array.from({ length: Number(process.env['CRASH_SEEDS'] ?? 10) }, (_, index) => index + 1);
const MESSAGES = 50;
/** A journey of 50 messages takes about this long here; kills fall anywhere within it. */
const JOURNEY_MS = 1_500;
const RETRY_MS = 100;

let world: World;
let alice: UserDevice;
let bob: UserDevice;

beforeAll(async () => {
  world = await World.start();
  [alice, bob] = await Promise.all([world.signUp('alice'), world.signUp('bob')]);
});
afterAll(() => world?.stop());

test.each(SEEDS)('seed %i: 50 messages each way, none lost, none twice', async (seed) => {
  const random = numbersOf(seed);
  const journeys = Promise.all([
    sendAll(`in-${seed}`, () => ({ host: '127.0.0.1', port: world.provider.ports.mx, tls: { rejectUnauthorized: false } }), 'stranger@example.org', alice.address),
    sendAll(`out-${seed}`, () => ({ host: '127.0.0.1', port: alice.device.ports.smtp, ignoreTLS: true, auth: { user: alice.address, pass: alice.mailAppPassword } }), alice.address, bob.address),
  ]);
  await Promise.all(victims().map(async (crash) => {
    await afterMs(random() * JOURNEY_MS);
    await crash();
  }));
  await journeys;
  for (const [user, journey] of [[alice, `in-${seed}`], [bob, `out-${seed}`]] as const) {
    expect(await arrived(user, journey, seed * MESSAGES)).toEqual(Array.from({ length: MESSAGES }, (_, index) => `${journey}-${index}`).sort());
  }
});

/** Each process with how it dies and comes back. */
function victims(): (() => Promise<void>)[] {
  const { provider } = world;
  return [
    async () => { await provider.sync.kill(); await provider.startSync(); },
    async () => { await provider.mx.kill(); await provider.startMx(); },
    async () => { await alice.device.process.kill(); await world.revive(alice); },
    async () => { await bob.device.process.kill(); await world.revive(bob); },
  ];
}

/** A sender who, like every mail server, tries again until he is told 250. */
async function sendAll(journey: string, server: () => object, reversePath: string, forwardPath: string): Promise<void> {
  for (let index = 0; index < MESSAGES; index += 4) {
    await Promise.all([0, 1, 2, 3].filter((lane) => index + lane < MESSAGES).map((lane) => sendOne(`${journey}-${index + lane}`, server, reversePath, forwardPath)));
  }
}

async function sendOne(subject: string, server: () => object, reversePath: string, forwardPath: string): Promise<void> {
  const raw = `From: ${reversePath}\r\nTo: ${forwardPath}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@crash.example>\r\nDate: Thu, 01 Jan 2026 00:00:00 +0000\r\n\r\n${'x'.repeat(2000)}\r\n`;
  for (;;) {
    const transport = nodemailer.createTransport({ ...server(), connectionTimeout: 2_000, greetingTimeout: 5_000 });
    try {
      await transport.sendMail({ envelope: { from: reversePath, to: forwardPath }, raw });
      return;
    } catch (error) {
      const code = (error as { responseCode?: number }).responseCode ?? 0;
      if (code >= 500) throw error;
      await afterMs(RETRY_MS);
    } finally {
      transport.close();
    }
  }
}

/** Subjects of this journey in the user's inbox, once everything has come. */
async function arrived(user: UserDevice, journey: string, total: number): Promise<string[]> {
  return (await arrivedSubjects(user, total)).filter((subject) => subject.startsWith(`${journey}-`));
}

function afterMs(milliseconds: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}

/** Seeded numbers in [0, 1). */
function numbersOf(seed: number): () => number {
  const source = seededRandom(seed);
  return () => Buffer.from(source.bytes(4)).readUInt32BE() / 2 ** 32;
}
