// Two provider-sync processes on one database and one blob directory are one provider: a device at each.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ImapFlow } from 'imapflow';
import pg from 'pg';
import { Agent, request } from 'undici';
import { fetchAll, waitForFlag, waitForMessages } from './harness/imap-client.js';
import { arrivedSubjects, deliverNumber } from './harness/numbered-mail.js';
import { Switch } from './harness/switch.js';
import { World, type UserDevice } from './harness/world.js';

const WITHIN_MS = 1_000;
/** Octets: above what a document holds itself. */
const BLOB_SIZED_BODY = 50_000;
/** docs/protocol/accounts.md §2. */
const LOGIN_ATTEMPTS = 10;
/** A first message of OPAQUE (RFC 9807 §6.3.3.1): blinded element, nonce, key share; the elements are the generator of ristretto255. */
const GENERATOR = Buffer.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76', 'hex');
const OPAQUE_START = Buffer.concat([GENERATOR, Buffer.alloc(32, 7), GENERATOR]).toString('base64url');

let world: World;
let second: Awaited<ReturnType<World['provider']['startFurtherSync']>>;
let balancer: Switch;
let laptop: UserDevice;
let desktop: UserDevice;
const imapOf = (user: UserDevice): Promise<ImapFlow> => world.openImap(user);

async function deliver(...numbers: number[]): Promise<void> {
  await Promise.all(numbers.map((number) => deliverNumber(world, laptop, number, BLOB_SIZED_BODY)));
}

async function inDatabase<Row extends pg.QueryResultRow>(query: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: world.provider.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(query)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  world = await World.start();
  second = await world.provider.startFurtherSync();
  balancer = await Switch.start(world.provider.ports.users);
  laptop = await world.signUp('alice');
  await deliver(0);
  await waitForMessages(await imapOf(laptop), 'INBOX', 1);
  desktop = await world.addDevice(laptop, 'desktop', second.url);
});
afterAll(async () => {
  await balancer?.close();
  await second?.process.stop();
  await world?.stop();
});

test('a device at the second process gets the mail, blobs included, that came through the first', async () => {
  const imap = await imapOf(desktop);
  await waitForMessages(imap, 'INBOX', 1);
  const [here] = await fetchAll(imap, 'INBOX');
  const [there] = await fetchAll(await imapOf(laptop), 'INBOX');
  expect(here!.source.equals(there!.source)).toBe(true);
});

test('news crosses from one process to the other within a second', async () => {
  const [reader, watcher] = [await imapOf(laptop), await imapOf(desktop)];
  const lock = await reader.getMailboxLock('INBOX');
  const startMs = performance.now();
  await reader.messageFlagsAdd('1', ['\\Flagged']);
  lock.release();
  await waitForFlag(watcher, 'INBOX', 1, '\\Flagged');
  expect(performance.now() - startMs).toBeLessThan(WITHIN_MS);
});

test('no item is leased twice, and generations have no gaps, while both devices take mail and write', async () => {
  const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
  await deliver(...numbers);
  const expected = [0, ...numbers].map((number) => `number ${number}`).sort();
  expect(await arrivedSubjects(laptop, numbers.length + 1)).toEqual(expected);
  expect(await arrivedSubjects(desktop, numbers.length + 1)).toEqual(expected);
  const [log] = await inDatabase<{ generation: string; highest: string; documents: string; generations: string }>(
    `SELECT generation, (SELECT max(generation) FROM document) AS highest, (SELECT count(*) FROM document) AS documents, (SELECT count(DISTINCT generation) FROM document) AS generations FROM account`);
  expect([log!.highest, log!.generations]).toEqual([log!.generation, log!.documents]);
  expect(await inDatabase('SELECT 1 FROM incoming_item WHERE taken_at_ms IS NULL')).toEqual([]);
  // Every push that stored something has a head of its own.
  const heads = await inDatabase<{ transaction_id: string }>('SELECT transaction_id FROM push_transaction ORDER BY generation');
  expect(new Set(heads.map(({ transaction_id }) => transaction_id)).size).toBe(heads.length);
});

test('a session opened at one process is good at the other', async () => {
  const phone = await world.addDevice(laptop, 'phone', balancer.url);
  await phone.device.control.sync(phone.accountId);
  balancer.turnTo(second.ports.users);
  await deliver(100);
  await waitForMessages(await imapOf(phone), 'INBOX', 32);
  await phone.device.control.sync(phone.accountId);
});

test('attempts to log in are counted over both processes', async () => {
  const dispatcher = new Agent({ connect: { ca: readFileSync(world.provider.tls.authorityFile) } });
  const startLogin = async (url: string): Promise<number> => {
    const { statusCode, body } = await request(`${url}/v1/sessions/start`, {
      method: 'POST', dispatcher, headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address: 'nobody@paloma.test', credential: 'passphrase', startLoginRequest: OPAQUE_START }),
    });
    await body.dump();
    return statusCode;
  };
  const statuses: number[] = [];
  for (let attempt = 0; attempt <= LOGIN_ATTEMPTS; attempt += 1) statuses.push(await startLogin(attempt % 2 === 0 ? world.provider.publicUrl : second.url));
  await dispatcher.close();
  expect(statuses).toEqual([...Array<number>(LOGIN_ATTEMPTS).fill(200), 429]);
});
