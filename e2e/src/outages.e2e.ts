/** @jest-environment-options {"customExportConditions": ["paloma-device", "node", "node-addons"]} */
// provider-sync and PostgreSQL die by kill -9 and come back, again and again, while mail comes in and goes out. A sender hears 250 or is put
// off; what was put off, or broke off, he repeats with the same octets. In the end every message is there once.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { waitForMessages } from './harness/imap-client.js';
import { logLines } from './harness/log-lines.js';
import { arrivedSubjects, deliverNumber } from './harness/numbered-mail.js';
import { SmtpSender } from './harness/smtp-sender.js';
import { until } from './harness/until.js';
import { World, type UserDevice } from './harness/world.js';
import { submissionAccess } from './test/session-token.js';

const SESSIONS = 3;
/** Messages each way between two outages, so that each of them comes upon a load. */
const MESSAGES_BETWEEN = 25;
/** provider-mx gives the services API 20 s to answer; starting again takes a few. Nobody is left hanging. */
const MAX_REPLY_MS = 30_000;
const RETRY_MS = 50;
const BROKEN = 'broken';
/** Programs are started anew four times, on a machine that may be busy. */
const TEST_TIMEOUT_MS = 300_000;
const DOMAINS_OUTSIDE = 20;

let world: World;
let alice: UserDevice;
let bob: UserDevice;

beforeAll(async () => {
  world = await World.start({ mxSettings: { relay: { attempts: 16, attemptsPerDomain: 2 }, retry: { delaysSeconds: [1], leaseSeconds: 10, pollSeconds: 1 } } });
  [alice, bob] = await Promise.all([world.signUp('alice'), world.signUp('bob')]);
});
afterAll(() => world?.stop());

type Envelope = readonly [reversePath: string, forwardPath: string];

/** Sessions that send numbered messages until they are told to end, each message until it is accepted. */
class Load {
  readonly accepted: string[] = [];
  /** How often a sender heard what, other than 250; "broken" where the connection ended instead. */
  readonly putOff = new Map<string, number>();
  slowestReplyMs = 0;
  readonly #sessions: Promise<unknown>;
  #isEnding = false;
  #next = 0;

  constructor(private readonly name: string, private readonly connect: () => Promise<SmtpSender>, private readonly envelopeOf: (number: number) => Envelope) {
    this.#sessions = Promise.all(Array.from({ length: SESSIONS }, () => this.#session()));
  }

  /** Every message that was begun is accepted by then. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#sessions;
  }

  async #session(): Promise<void> {
    let sender: SmtpSender | null = null;
    while (!this.#isEnding) {
      this.#next += 1;
      const [subject, envelope] = [`${this.name} ${this.#next}`, this.envelopeOf(this.#next)];
      for (let reply = ''; !reply.startsWith('250');) {
        const startMs = performance.now();
        sender ??= await this.connect().catch(() => null);
        reply = await sender?.send(...envelope, messageOf(subject, envelope)).catch(() => null) ?? BROKEN;
        this.slowestReplyMs = Math.max(this.slowestReplyMs, performance.now() - startMs);
        if (reply.startsWith('250')) this.accepted.push(subject);
        else await this.#putOff(reply);
        if (reply === BROKEN) sender = null;
      }
    }
    sender?.close();
  }

  #putOff(reply: string): Promise<void> {
    const code = reply.split(' ', 1)[0]!;
    this.putOff.set(code, (this.putOff.get(code) ?? 0) + 1);
    return new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
  }
}

function messageOf(subject: string, [reversePath, forwardPath]: Envelope): string {
  return `From: ${reversePath}\r\nTo: ${forwardPath}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replaceAll(' ', '.')}@outages.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\n${'x'.repeat(2000)}\r\n`;
}

const OUTAGES: Record<string, () => Promise<void>> = {
  'provider-sync': async () => { await world.provider.sync.kill(); await world.provider.startSync(); },
  PostgreSQL: async () => { await world.provider.killDatabase(); await world.provider.startDatabase(); },
  both: async () => {
    await Promise.all([world.provider.killDatabase(), world.provider.sync.kill()]);
    await world.provider.startDatabase();
    await world.provider.startSync();
  },
};

async function queuedRecipients(): Promise<number> {
  const client = new pg.Client({ connectionString: world.provider.databaseUrl });
  await client.connect();
  const { rows } = await client.query('SELECT 1 FROM provider_mx.outgoing_recipient');
  await client.end();
  return rows.length;
}

test('every 250 is delivered exactly once, and whatever else was said put the sender off', async () => {
  const access = await submissionAccess(world, alice);
  const incoming = new Load('in', () => SmtpSender.connect(world.provider.ports.mx), () => ['stranger@example.org', bob.address]);
  const outgoing = new Load('out', () => SmtpSender.connect(world.provider.ports.submission, access), (number) => [alice.address, `stranger@outside-${number % DOMAINS_OUTSIDE}.example`]);
  for (const outage of ['provider-sync', 'PostgreSQL', 'both', 'PostgreSQL']) {
    const before = [incoming, outgoing].map(({ accepted }) => accepted.length);
    await until(async () => [incoming, outgoing].every(({ accepted }, index) => accepted.length >= before[index]! + MESSAGES_BETWEEN));
    await OUTAGES[outage]!();
  }
  await Promise.all([incoming.end(), outgoing.end()]);
  for (const { putOff } of [incoming, outgoing]) expect([...putOff.keys()].filter((code) => code !== BROKEN && !code.startsWith('4'))).toEqual([]);
  expect(Math.min(incoming.putOff.size, outgoing.putOff.size)).toBeGreaterThan(0);
  expect(Math.max(incoming.slowestReplyMs, outgoing.slowestReplyMs)).toBeLessThan(MAX_REPLY_MS);

  expect(await arrivedSubjects(bob, incoming.accepted.length)).toEqual(incoming.accepted.toSorted());
  await until(async () => (await queuedRecipients()) === 0);
  const relayed = world.outside.received.map(({ octets }) => /^Subject: (.*)\r$/m.exec(octets.toString('latin1'))![1]!);
  expect(relayed.toSorted()).toEqual(outgoing.accepted.toSorted());
  expect(logLines(world.providerDirectory).filter((line) => line.includes('"msg":"bug"'))).toEqual([]);
}, TEST_TIMEOUT_MS);

test('afterwards devices hear at once of what comes, and the queue of what is to go', async () => {
  const imap = await world.openImap(bob);
  const { exists } = await imap.mailboxOpen('INBOX');
  await deliverNumber(world, bob, 1);
  await waitForMessages(imap, 'INBOX', exists + 1);
});
