// Unmodified plugins from npm that keep their memory in Redis, with a real one: each is seen to decide an SMTP dialogue.

import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { isInstalled } from '@paloma/test-kit';
import { startNameServer, type NameServer } from '@paloma/test-kit/name-server';
import { startFixture, type Fixture, type FixtureInput } from '../test/host-fixture.js';
import type { Peer } from '../test/peer.js';
import { RedisServer } from '../test/redis-server.js';

const LISTED = '198.51.101.66';

if (isInstalled('redis-server')) describe('with Redis,', () => {
  let names: NameServer;
  let redis: RedisServer;
  let fixture: Fixture;
  let peers = 0;
  /** What plugins remember outlives a test: each has peers of its own. */
  const newAddress = (): string => `198.51.102.${peers += 1}`;

  beforeAll(async () => {
    names = await startNameServer({
      '66.101.51.198.block.example/A': ['127.0.0.2'],
      '2.0.0.127.block.example/A': ['127.0.0.2'],
    });
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await fixture.stop();
    expect(fixture.failures).toEqual([]);
  });
  afterAll(async () => {
    await names.stop();
    await redis.stop();
  });

  async function start(plugins: string[], files: Record<string, string>, host: FixtureInput['host'] = {}): Promise<void> {
    fixture = await startFixture({ plugins: ['redis', ...plugins], files: { 'config/redis.ini': redis.settings, ...files }, host: { dnsServers: [names.address], ...host } });
  }

  async function greet(address: string): Promise<Peer> {
    const peer = await fixture.connect(address);
    await peer.run(`
      S: 220 mx.example ESMTP
      C: EHLO mail.good.com
      S: 250-mx…`);
    return peer;
  }

  test('haraka-plugin-greylist puts a stranger off, and lets in who comes back after a while', async () => {
    await start(['greylist'], { 'config/greylist.ini': 'text=come back later\n[period]\nblack=1\ngrey=60\nwhite=60\n' });
    const address = newAddress();
    const peer = await greet(address);
    await peer.run(`
      C: MAIL FROM:<ann@good.com>
      S: 250 2.1.0 Accepted
      C: RCPT TO:<bob@here.example>
      S: 451 4.7.1 come back later`);
    while ((await peer.say('RCPT TO:<bob@here.example>')).startsWith('451'));   // it goes by its own clock
    peer.close();
    await (await greet(address)).run(`
      C: MAIL FROM:<carol@good.com>
      S: 250 2.1.0 Accepted
      C: RCPT TO:<dan@here.example>
      S: 250 2.1.5 Accepted`);
    await (await greet(newAddress())).run(`
      C: MAIL FROM:<ann@good.com>
      S: 250 2.1.0 Accepted
      C: RCPT TO:<bob@here.example>
      S: 451 4.7.1 come back later`);
  });

  describe('haraka-plugin-limit', () => {
    const limits = (section: string): Record<string, string> => ({ 'config/limit.ini': `tarpit_delay=0.01\n[${section}` });

    test('counts the connections of a peer that are open at once', async () => {
      await start(['limit'], limits('concurrency]\nenabled=true\nmax=1\n'));
      const address = newAddress();
      const first = await greet(address);
      await (await fixture.connect(address)).run(`
        S: 421 Too many concurrent connections
        S: closed`);
      await greet(newAddress());
      first.close();
      await redis.answers(`INCRBY concurrency|${address} 0`, 0);   // once the plugin has heard of both ends
      await greet(address);
    });

    test('counts the connections of a peer in a while', async () => {
      await start(['limit'], limits('rate_conn]\nenabled=true\ndefault=2/5m\n'));
      const address = newAddress();
      for (let time = 0; time < 2; time += 1) (await greet(address)).close();
      await (await fixture.connect(address)).run(`
        S: 421 connection rate limit exceeded
        S: closed`);
      await greet(newAddress());
    });

    test.each([
      ['a sender', 'rate_rcpt_sender', 'MAIL FROM:<ann@good.com>', 'bob', 'carol', 'rcpt rate limit exceeded'],
      ['a recipient', 'rate_rcpt', 'MAIL FROM:<ann@good.com>', 'bob', 'bob', 'rate limit exceeded'],
      ['a recipient of notices', 'rate_rcpt_null', 'MAIL FROM:<>', 'bob', 'bob', 'null recip rate limit'],
    ])('counts recipients in a while: of %s', async (_whose, section, mail, one, other, complaint) => {
      await start(['limit'], limits(`${section}]\nenabled=true\ndefault=1/5m\n`));
      await (await greet(newAddress())).run(`
        C: ${mail}
        S: 250 2.1.0 Accepted
        C: RCPT TO:<${one}@here.example>
        S: 250 2.1.5 Accepted
        C: RCPT TO:<${other}@here.example>
        S: 450 4.7.1 ${complaint}`);
    });

    test('counts recipients in a while: of a peer, which is sent away', async () => {
      await start(['limit'], limits('rate_rcpt_host]\nenabled=true\ndefault=1/5m\n'));
      const address = newAddress();
      await (await greet(address)).run(`
        C: MAIL FROM:<ann@good.com>
        S: 250 2.1.0 Accepted
        C: RCPT TO:<bob@here.example>
        S: 250 2.1.5 Accepted
        C: RCPT TO:<carol@here.example>
        S: 250 2.1.5 Accepted`);
      await (await fixture.connect(address)).run('S: 421 recipient rate limit exceeded');
    });
  });

  describe('haraka-plugin-karma', () => {
    const KARMA = '[asn]\nenable=false\n[tarpit]\ndelay=0.001\n[thresholds]\npositive=3\nnegative=-4\n';

    /** VRFY tells the score. */
    const SCORE_TELLER = "exports.hook_vrfy = (next, connection) => next(OK, `score ${connection.results.get('karma').score}`);";

    test('takes the refusals of others as bad marks, and refuses for all of them together', async () => {
      await start(['karma', 'dns-list', 'score_teller'], {
        'config/karma.ini': `${KARMA}[result_awards]\n1=dns-list | fail | equals | block.example | -2 | listed\n`,
        'config/dns-list.ini': 'zones=block.example\nsearch=first\n',
        'plugins/score_teller.js': SCORE_TELLER,
      });
      const envelope = `
        C: MAIL FROM:<ann@good.com>
        S: 250 2.1.0 Accepted
        C: RCPT TO:<bob@here.example>
        S: 250 2.1.5 Accepted
        C: DATA`;
      const listed = await greet(LISTED);
      while ((await listed.say('VRFY bob')) !== '250 2.0.0 score -4');   // results reach karma by way of Redis
      await listed.run(`${envelope}
        S: 554 5.7.1 very bad karma score: -4`);
      await (await greet(newAddress())).run(`${envelope}
        S: 354 …`);
    });

    test('remembers a peer from one connection to the next, and from one host to the next', async () => {
      const files = {
        'config/karma.ini': `${KARMA}[result_awards]\n1=karma | history | lt | 0 | -3 | bad manners before\n`,
        'plugins/score_teller.js': SCORE_TELLER,
      };
      const address = newAddress();
      const rude = `
        C: ONE
        S: 500 5.5.2 Error: command not recognized
        C: QUIT
        S: 221 2.0.0 Bye`;
      await start(['karma'], files);
      await (await greet(address)).run(rude);
      await fixture.stop();
      await redis.answers(`HINCRBY karma|${address} bad 0`, 1);
      await start(['karma', 'score_teller'], files);
      const known = await greet(address);
      while ((await known.say('VRFY bob')) !== '250 2.0.0 score -3');
      await known.run(`
        C: ONE
        S: 500 5.7.1 very bad karma score: -4`);
      await (await greet(newAddress())).run(rude);
    });
  });

  test('haraka-plugin-watch has a page, whose web socket shows connections and what becomes of them', async () => {
    await start(['watch', 'helo.checks'], { 'config/http.ini': 'listen=127.0.0.1:0\n', 'config/helo.checks.ini': '[reject]\nbare_ip=true\n' });
    const page = `127.0.0.1:${fixture.host.pagesPort}`;
    expect(await (await fetch(`http://${page}/watch/`)).text()).toContain('Haraka Activity');
    const socket = new WebSocket(`ws://${page}/`);
    const shown = webSocketMessages(socket);
    await shown(({ watchers }) => watchers === 1);
    const address = newAddress();
    const peer = await fixture.connect(address);
    await peer.run(`
      S: 220 mx.example ESMTP
      C: EHLO ${address}
      S: 550 …`);
    const connected = await shown(({ remote_host: host }) => host !== undefined);
    expect(connected).toMatchObject({ uuid: expect.stringMatching(/^[0-9A-F-]{36}$/), remote_host: { title: expect.stringContaining(address) } });
    const ofThis = ({ uuid }: Shown): boolean => uuid === connected.uuid;
    expect(await shown((cells) => ofThis(cells) && cells['helo'] !== undefined)).toMatchObject({ helo: { newval: address } });
    expect(await shown((cells) => ofThis(cells) && cells['helo.checks'] !== undefined)).toMatchObject({ 'helo.checks': { classy: expect.stringMatching(/red$/) } });
    peer.close();
    await shown((cells) => ofThis(cells) && isDeepStrictEqual(cells['local_port'], { classy: 'bg_white', title: 'disconnected' }));
    socket.close();
  });
});

/** The cells of one connection that the page of watch is told to change. */
type Shown = { uuid?: string; watchers?: number } & Record<string, unknown>;

/** Gives the first message that is wanted, which may have come before. */
function webSocketMessages(socket: WebSocket): (isWanted: (message: Shown) => boolean) => Promise<Shown> {
  const messages: Shown[] = [];
  socket.addEventListener('message', ({ data }) => messages.push(JSON.parse(data as string) as Shown));
  return async (isWanted) => {
    for (;;) {
      const message = messages.find(isWanted);
      if (message !== undefined) return message;
      await once(socket, 'message');
    }
  };
}

test('without the Redis that a plugin wants the host does not start, and says why', async () => {
  const files = { 'config/redis.ini': '[server]\nport=1\n[pubsub]\nport=1\n', 'config/plugin_timeout': '1' };
  await expect(startFixture({ plugins: ['redis', 'limit'], files })).rejects.toMatchObject({ code: 'pluginRefusedStart', message: 'haraka-host: init_master: plugin timeout' });
});
