// Unmodified plugins from npm that judge who the sender is: each is seen to decide an SMTP dialogue.

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startNameServer, type NameServer } from '@paloma/test-kit/name-server';
import { startFixture, type Fixture, type FixtureInput } from '../test/host-fixture.js';

const GOOD = '198.51.101.10';   // outside the ranges that plugins take for private or reserved
const BAD = '198.51.101.66';
let names: NameServer;
let fixture: Fixture;

beforeAll(async () => {
  names = await startNameServer({
    'good.com/TXT': ['v=spf1 ip4:198.51.101.10 -all'],
    'bad.com/TXT': ['v=spf1 -all'],
    '10.101.51.198.in-addr.arpa/PTR': ['mail.good.com'],
    'mail.good.com/A': [GOOD],
    '66.101.51.198.in-addr.arpa/PTR': ['liar.good.com'],
    'liar.good.com/A': ['203.0.113.9'],
    '66.101.51.198.block.example/A': ['127.0.0.2'],
    '2.0.0.127.block.example/A': ['127.0.0.2'],
  });
});
afterEach(() => fixture.stop());
afterAll(() => names.stop());

const start = async (plugin: string, files: FixtureInput['files'] = {}): Promise<void> => {
  fixture = await startFixture({ plugins: [plugin], files, host: { dnsServers: [names.address] } });
};

test('haraka-plugin-spf refuses a sender whose domain does not name the peer', async () => {
  await start('haraka-plugin-spf', { 'config/spf.ini': '[deny]\nmfrom_fail=true\n' });
  const good = await fixture.connect(GOOD);
  await good.run(`
    S: 220 mx.example ESMTP
    C: EHLO mail.good.com
    S: 250-mx.example…
    C: MAIL FROM:<ann@good.com>
    S: 250 2.1.0 Accepted
    C: RCPT TO:<bob@here.example>
    S: 250 2.1.5 Accepted
    C: DATA
    S: 354 …
    C: Subject: hello\\r\\n\\r\\nhello\\r\\n.
    S: 250 2.6.0 delivered`);
  expect(fixture.delivered[0]!.toString()).toMatch(/^Authentication-Results: mx\.example;\r\n\tspf=pass smtp\.mailfrom=good\.com\r\nReceived-SPF: Pass\r\n/);
  const bad = await fixture.connect(BAD);
  await bad.run(`
    S: 220 mx.example ESMTP
    C: EHLO mail.bad.com
    S: 250-mx.example…
    C: MAIL FROM:<ann@bad.com>
    S: 550 5.7.1 sender <ann@bad.com> SPF Fail`);
});

test('haraka-plugin-fcrdns refuses a peer whose name does not lead back to it', async () => {
  await start('fcrdns', { 'config/fcrdns.ini': '[reject]\nno_fcrdns=true\n' });
  await (await fixture.connect(GOOD)).run('S: 220 mx.example ESMTP');
  const liar = await fixture.connect(BAD);
  await liar.run(`
    S: 554 Sorry, no FCrDNS match found
    C: EHLO liar.good.com
    S: 554 Sorry, no FCrDNS match found
    C: QUIT
    S: 221 2.0.0 Bye
    S: closed`);
});

test('haraka-plugin-helo.checks refuses a bare address as a name', async () => {
  await start('helo.checks', { 'config/helo.checks.ini': '[reject]\nbare_ip=true\nvalid_hostname=true\n' });
  const peer = await fixture.connect(GOOD);
  await peer.run(`
    S: 220 mx.example ESMTP
    C: EHLO 198.51.101.10
    S: 550 Invalid address format in HELO
    C: MAIL FROM:<ann@good.com>
    S: 503 5.5.1 Error: send HELO/EHLO first
    C: EHLO mail.good.com
    S: 250-mx.example…`);
});

test('haraka-plugin-dns-list refuses a listed peer', async () => {
  await start('dns-list', { 'config/dns-list.ini': 'zones=block.example\nsearch=first\n' });
  await (await fixture.connect(GOOD)).run('S: 220 mx.example ESMTP');
  await (await fixture.connect(BAD)).run(`S: 554 host [${BAD}] is listed on block.example`);
});
