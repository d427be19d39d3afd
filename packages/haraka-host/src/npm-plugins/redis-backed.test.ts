// Unmodified plugins from npm that keep their memory in Redis. Here it is a double in memory: what is shown is that the host
// gives them what they need, not that they get on with every Redis.

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startNameServer, type NameServer } from '@paloma/test-kit/name-server';
import { startFixture, type Fixture, type FixtureInput } from '../test/host-fixture.js';
import type { Peer } from '../test/peer.js';
import { RedisDouble } from '../test/redis-double.js';

const PEER = '198.51.101.10';
let names: NameServer;
let redis: RedisDouble;
let fixture: Fixture;

beforeAll(async () => {
  names = await startNameServer({});
  redis = await RedisDouble.start();
});
afterEach(async () => {
  await fixture.stop();
  expect(redis.unknown).toEqual([]);
});
afterAll(async () => {
  await names.stop();
  await redis.stop();
});

const start = async (plugins: string[], files: Record<string, string>, more: Partial<FixtureInput> = {}): Promise<void> => {
  fixture = await startFixture({ plugins, files: { 'config/redis.ini': redis.settings, ...files }, host: { dnsServers: [names.address], ...more.host } });
};

async function greet(address: string): Promise<Peer> {
  const peer = await fixture.connect(address);
  await peer.reply();
  await peer.say('EHLO mail.good.com');
  return peer;
}

test('haraka-plugin-greylist puts a stranger off, and lets in who comes back after a while', async () => {
  await start(['redis', 'greylist'], { 'config/greylist.ini': 'text=come back later\n[redis]\nhost=127.0.0.1\n[period]\nblack=850\n' });
  const peer = await greet(PEER);
  await peer.run(`
    C: MAIL FROM:<ann@good.com>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<bob@here.example>
    S: 451 4.7.1 come back later`);
  const key = redis.keys().find((name) => name.startsWith('grey:'))!;
  redis.setHash(key, { ...redis.hash(key), created: Math.round(Date.now() / 1000) - 900 });
  await peer.run(`
    C: RCPT TO:<bob@here.example>
    S: 250 2.1.5 Accepted`);
});

test('haraka-plugin-limit counts connections that are open at once', async () => {
  await start(['redis', 'limit'], { 'config/limit.ini': 'tarpit_delay=0.01\n[concurrency]\nenabled=true\nmax=1\n' });
  const first = await fixture.connect(PEER);
  expect(await first.reply()).toMatch(/^220 /);
  const second = await fixture.connect(PEER);
  await second.run(`
    S: 421 Too many concurrent connections
    S: closed`);
});

/** VRFY tells the score. */
const SCORE_TELLER = "exports.hook_vrfy = (next, connection) => next(OK, `score ${connection.results.get('karma').score}`);";

test('haraka-plugin-karma goes by what it remembers of a peer, and by what it sees of it now', async () => {
  redis.setHash('karma|198.51.101.66', { good: 0, bad: 9, connections: 9 });
  await start(['redis', 'karma', 'score_teller'], {
    'config/karma.ini': '[thresholds]\nnegative=-5\npositive=3\n[tarpit]\ndelay=0.001\n[asn]\nenable=false\n',
    'plugins/score_teller.js': SCORE_TELLER,
  });
  const stranger = await greet(PEER);
  await stranger.run(`
    C: ONE
    S: 500 5.5.2 Error: command not recognized
    C: VRFY bob
    S: 250 2.0.0 score -1`);
  const known = await greet('198.51.101.66');
  while (!(await known.say('VRFY bob')).endsWith('-4'));   // results reach karma by way of redis
  await known.run(`
    C: ONE
    S: 500 5.7.1 very bad karma score: -5`);
  stranger.close();
  known.close();
  await redis.holds(`karma|${PEER}`, { bad: '1', good: '0', connections: '1' });
  await redis.holds('karma|198.51.101.66', { bad: '10', good: '0', connections: '10' });
});

test('haraka-plugin-watch shows a refusal to those who watch', async () => {
  const seen: string[] = [];
  const wss = { clients: [{ readyState: 1, send: (text: string) => seen.push(text) }], on: () => wss };
  const http = { app: { use: () => undefined }, express: { static: () => undefined }, wss };
  await start(['redis', 'watch', 'helo.checks'], { 'config/helo.checks.ini': '[reject]\nbare_ip=true\n' }, { host: { server: { http } } });
  const peer = await fixture.connect(PEER);
  await peer.reply();
  expect(await peer.say('EHLO 198.51.101.10')).toMatch(/^550 /);
  expect(seen.map((text) => JSON.parse(text) as object)).toContainEqual(expect.objectContaining({ 'helo.checks': expect.objectContaining({ classy: 'bg_dred' }) }));
});
