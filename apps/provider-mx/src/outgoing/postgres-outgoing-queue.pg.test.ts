import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '@paloma/embedded-postgres';
import { parseMailAddress, Redacted } from '@paloma/shared-model';
import { seededRandom } from '@paloma/test-kit';
import { connectDatabase } from '../database/connect.js';
import { Log } from '../logging/log.js';
import { ACCEPTANCE_MEMORY_MS, type Claim, type OutgoingMessage, type QueuedMessageId } from './outgoing-queue.js';
import { PostgresOutgoingQueue } from './postgres-outgoing-queue.js';

const LEASE_MS = 1000;
const MAX_PER_DESTINATION = 2;
const key = new Redacted(new Uint8Array(randomBytes(32)));
const log = new Log({ write: () => undefined });
let database: TestDatabase;
let dataSource: DataSource;
let queue: PostgresOutgoingQueue;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await connectDatabase(database.url);
}, 60_000);
afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});
beforeEach(async () => {
  await dataSource.query('TRUNCATE provider_mx.outgoing_acceptance, provider_mx.outgoing_message CASCADE');
  queue = new PostgresOutgoingQueue(dataSource, key, seededRandom('queue'), log);
});

const message = (...addresses: string[]): OutgoingMessage => ({ reversePath: 'a@example.org', forwardPaths: addresses.map(parseMailAddress), octets: Buffer.from('octets') });
const freshId = (): QueuedMessageId => randomUUID() as QueuedMessageId;
const claimAt = async (nowMs: number): Promise<Claim | null> => {
  const outcome = await queue.claim(nowMs, LEASE_MS, MAX_PER_DESTINATION);
  return outcome.kind === 'claimed' ? outcome.claim : null;
};
const paths = (claim: Claim | null): string[] | null => claim && claim.recipients.map(({ forwardPath }) => forwardPath);
const done = (claim: Claim): { position: number; kind: 'done' }[] => claim.recipients.map(({ position }) => ({ position, kind: 'done' }));

describe('claims', () => {
  test('take the recipients of one message in one domain, with what was added', async () => {
    await queue.add(freshId(), message('x@one.example', 'y@two.example', 'z@one.example'), 5);
    const claim = await claimAt(10);
    expect(claim).toMatchObject({ destination: 'one.example', reversePath: 'a@example.org', acceptedAtMs: 5 });
    expect(paths(claim)).toEqual(['x@one.example', 'z@one.example']);
    expect(Buffer.from(claim!.octets).toString()).toBe('octets');
    expect(paths(await claimAt(10))).toEqual(['y@two.example']);
    expect(await claimAt(10)).toBeNull();
  });

  test('of many workers at once take each recipient once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => queue.add(freshId(), message(`a@d${index}.example`, `b@d${index}.example`), 0)));
    const claims = await Promise.all(Array.from({ length: 40 }, () => claimAt(1)));
    const taken = claims.flatMap((claim) => claim?.recipients.map(({ position }) => `${claim.messageId} ${position}`) ?? []);
    const rest: Claim[] = [];
    for (let claim = await claimAt(1); claim !== null; claim = await claimAt(1)) rest.push(claim);
    expect(new Set(taken).size).toBe(taken.length);
    expect(claims.every((claim) => claim === null || claim.recipients.length === 2)).toBe(true);
    expect(taken.length + rest.reduce((sum, { recipients }) => sum + recipients.length, 0)).toBe(40);
  });

  test('of a worker that died pass to the next when the lease is over', async () => {
    await queue.add(freshId(), message('x@one.example'), 0);
    const lost = await claimAt(0);
    expect(await claimAt(LEASE_MS - 1)).toBeNull();
    const taken = await claimAt(LEASE_MS);
    expect(paths(taken)).toEqual(['x@one.example']);
    expect(await queue.settle(lost!, done(lost!), [message('late@one.example')], LEASE_MS)).toBe(false);
    expect(await queue.settle(taken!, done(taken!), [], LEASE_MS)).toBe(true);
    expect(await queue.nextDueMs(LEASE_MS, MAX_PER_DESTINATION)).toBeNull();
  });

  test('that are renewed stay with their worker; those that passed to another do not come back', async () => {
    await queue.add(freshId(), message('x@one.example'), 0);
    const claim = await claimAt(0);
    await queue.renew(claim!, 2 * LEASE_MS);
    expect(await claimAt(2 * LEASE_MS - 1)).toBeNull();
    const taken = await claimAt(2 * LEASE_MS);
    await queue.renew(claim!, 9 * LEASE_MS);
    expect(paths(await claimAt(3 * LEASE_MS))).toEqual(paths(taken));
  });

  test('leave a domain alone that enough of them are busy with, in all processes, until one is settled or lost', async () => {
    for (let count = 0; count < 4; count++) await queue.add(freshId(), message('x@one.example'), 0);
    await queue.add(freshId(), message('y@two.example'), 5);
    const elsewhere = new PostgresOutgoingQueue(dataSource, key, seededRandom('elsewhere'), log);
    const [first, second, other] = [await claimAt(10), await elsewhere.claim(11, LEASE_MS, MAX_PER_DESTINATION), await claimAt(12)];
    expect([first?.destination, second.kind, other?.destination]).toEqual(['one.example', 'claimed', 'two.example']);
    expect([await claimAt(13), await queue.nextDueMs(13, MAX_PER_DESTINATION)]).toEqual([null, 10 + LEASE_MS]);
    await queue.settle(first!, done(first!), [], 14);
    expect(await queue.nextDueMs(14, MAX_PER_DESTINATION)).toBe(0);
    expect((await claimAt(14))?.destination).toBe('one.example');
    expect(await claimAt(15)).toBeNull();
    expect((await claimAt(11 + LEASE_MS))?.destination).toBe('one.example');
  });

  test('of a message sealed under another key are set aside, once', async () => {
    await queue.add(freshId(), message('x@one.example'), 0);
    queue = new PostgresOutgoingQueue(dataSource, new Redacted(new Uint8Array(32)), seededRandom('other'), log);
    expect((await queue.claim(1, LEASE_MS, MAX_PER_DESTINATION)).kind).toBe('unreadable');
    expect((await queue.claim(10 * LEASE_MS, LEASE_MS, MAX_PER_DESTINATION)).kind).toBe('nothingDue');
  });
});

describe('a message that is added again', () => {
  const id = freshId();
  const add = (nowMs: number): Promise<'added' | 'known'> => queue.add(id, message('x@one.example'), nowMs);

  test('is queued once, also by two processes at once', async () => {
    expect((await Promise.all([add(0), add(0), add(0)])).sort()).toEqual(['added', 'known', 'known']);
    expect(paths(await claimAt(0))).toEqual(['x@one.example']);
    expect(await claimAt(0)).toBeNull();
  });

  test('is known when it has left, for a week', async () => {
    await add(0);
    const claim = await claimAt(0);
    await queue.settle(claim!, done(claim!), [], 0);
    expect(await add(ACCEPTANCE_MEMORY_MS)).toBe('known');
    expect(await claimAt(ACCEPTANCE_MEMORY_MS)).toBeNull();
    expect(await add(ACCEPTANCE_MEMORY_MS + 1)).toBe('added');
  });
});

test('a settled attempt leaves what is to be tried again, counts it, and adds the notices', async () => {
  await queue.add(freshId(), message('x@one.example', 'y@one.example'), 0);
  const claim = await claimAt(0);
  await queue.settle(claim!, [{ position: 0, kind: 'done' }, { position: 1, kind: 'retry', atMs: 500, status: '4.4.1', isDelayTold: true }], [message('notice@home.example')], 10);
  expect(paths(await claimAt(10))).toEqual(['notice@home.example']);
  expect(await claimAt(499)).toBeNull();
  expect((await claimAt(500))?.recipients).toEqual([{ forwardPath: 'y@one.example', position: 1, failedAttempts: 1, isDelayTold: true, request: null }]);
});

test('who watches hears of a message from another process', async () => {
  let heard = (): void => undefined;
  const isHeard = new Promise<void>((resolve) => (heard = resolve));
  const endWatch = await queue.watch(() => heard());
  const elsewhere = await connectDatabase(database.url);
  await new PostgresOutgoingQueue(elsewhere, key, seededRandom('elsewhere'), log).add(freshId(), message('x@one.example'), 0);
  await isHeard;
  await endWatch();
  await elsewhere.destroy();
});
