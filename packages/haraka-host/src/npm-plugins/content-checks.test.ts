// Unmodified plugins from npm that read the message: each is seen to decide an SMTP dialogue.

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startNameServer, type NameServer } from '@paloma/test-kit/name-server';
import { startFixture, type Fixture, type FixtureInput } from '../test/host-fixture.js';
import type { Peer } from '../test/peer.js';

const PEER = '198.51.101.10';
let names: NameServer;
let fixture: Fixture;

beforeAll(async () => {
  names = await startNameServer({ 'spammy.com.multi.example/A': ['127.0.0.2'], 'here.example/TXT': ['v=spf1 -all'] });
});
afterEach(() => fixture.stop());
afterAll(() => names.stop());

async function openTransaction(plugin: string, files: FixtureInput['files'], reversePath = 'ann@good.com', forwardPaths = ['bob@here.example']): Promise<Peer> {
  fixture = await startFixture({ plugins: [plugin], files: files ?? {}, host: { dnsServers: [names.address] } });
  const peer = await fixture.connect(PEER);
  for (const line of ['', 'EHLO mail.good.com', `MAIL FROM:<${reversePath}>`, ...forwardPaths.map((path) => `RCPT TO:<${path}>`)]) {
    expect(await (line === '' ? peer.reply() : peer.say(line))).toMatch(/^2/);
  }
  return peer;
}

test('haraka-plugin-headers refuses a message without a date', async () => {
  const peer = await openTransaction('headers', { 'config/headers.ini': '[reject]\nmissing_required=true\n' });
  await peer.run(`
    C: DATA
    S: 354 …
    C: From: ann@good.com\\r\\n\\r\\nhello\\r\\n.
    S: 550 5.7.1 Required header 'Date' missing
    C: MAIL FROM:<ann@good.com>
    S: 250 …
    C: RCPT TO:<bob@here.example>
    S: 250 …
    C: DATA
    S: 354 …
    C: From: ann@good.com\\r\\nDate: Mon, 23 Nov 2026 10:00:00 +0000\\r\\n\\r\\nhello\\r\\n.
    S: 250 2.6.0 delivered`);
});

test('haraka-plugin-uribl refuses a message with a listed link', async () => {
  const files = { 'config/uribl.ini': 'timeout=5\n[multi.example]\nbody=true\nstrip_to_domain=true\n' };
  const peer = await openTransaction('uribl', files);
  await peer.run(`
    C: DATA
    S: 354 …
    C: Subject: buy\\r\\n\\r\\nsee http://www.spammy.com/now\\r\\n.
    S: 550 5.7.1 …`);
  expect(names.asked).toContain('spammy.com.multi.example/A');
  expect(fixture.delivered).toEqual([]);
});

test('haraka-plugin-bounce refuses a notice to several recipients, at DATA', async () => {
  const peer = await openTransaction('bounce', { 'config/bounce.ini': '[reject]\nsingle_recipient=true\n' }, '', ['ann@here.example', 'bob@here.example']);
  await peer.run(`
    C: DATA
    S: 554 5.7.1 this bounce message has too many recipients
    C: RCPT TO:<bob@here.example>
    S: 503 5.5.1 …`);
});
