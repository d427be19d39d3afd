// Judges: mail servers and senders written by others, over real sockets, against a real provider. Those that the machine lacks are left
// out, and a Postfix that needs root where there is none; .ci/run installs all of them.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '@paloma/reference-deployment';
import { isInstalled, runProgram } from './foreign/installed-program.js';
import { canRunPostfix, Postfix } from './foreign/postfix.js';
import { fetchAll, openImap, waitForMessages } from './harness/imap-client.js';
import { DOMAIN, World, type UserDevice } from './harness/world.js';

const SMTP_SOURCE = '/usr/sbin/smtp-source';
const OTHER_DOMAIN = 'relayed.example.net';

let world: World;
let alice: UserDevice;
let imap: ImapFlow;
let postfixPort: number;
/** Messages that have come to alice so far. */
let expected = 0;
const home = (): string => world.directory;

beforeAll(async () => {
  postfixPort = await freePort();
  world = await World.start({
    routes: { [OTHER_DOMAIN]: `127.0.0.1:${postfixPort}` },
    mxSettings: { retry: { delaysSeconds: [1, 2, 5], leaseSeconds: 10, pollSeconds: 1 }, lmtp: { port: 0 }, socketmap: { port: 0 } },
  });
  alice = await world.signUp('alice');
  imap = await openImap(alice);
});
afterAll(async () => {
  await imap?.logout();
  await world?.stop();
});

/** alice's messages, once so many more have come. */
async function arrivals(count: number): Promise<string[]> {
  expected += count;
  await waitForMessages(imap, 'INBOX', expected);
  return (await fetchAll(imap, 'INBOX')).slice(-count).map(({ source }) => source.toString());
}

/** The whole dialogue, whatever its end. */
async function swaks(port: number, ...options: string[]): Promise<string> {
  const running = runProgram('swaks', ['--server', `127.0.0.1:${port}`, '--from', 'swaks@example.org', '--ehlo', 'client.example.org', ...options], { home: home() });
  return running.catch((error: { stdout?: string }) => error.stdout ?? String(error));
}

if (isInstalled('swaks')) describe('swaks', () => {
  if (isInstalled('perl', '-MNet::SSLeay')) test('sends over STARTTLS and with pipelining, 8-bit text and lines that begin with dots', async () => {
    const message = join(home(), 'swaks-message');
    writeFileSync(message, 'Subject: Grüße\n\n.\n..\nGrüße\n');
    const dialogue = await swaks(world.provider.ports.mx, '--to', alice.address, '--tls', '--pipeline', '--data', `@${message}`);
    expect(dialogue).toContain('=== TLS started');
    expect(dialogue).toMatch(/250-PIPELINING[^]*250-8BITMIME[^]*250-SIZE 52428800\s[^]*250 CHUNKING/);
    expect(dialogue).toContain('250 2.6.0 delivered');
    const [text] = await arrivals(1);
    expect(text).toMatch(/^Received: from client\.example\.org \(\[127\.0\.0\.1\]\)[^]*with ESMTPS/m);
    expect(text).toContain('\r\n\r\n.\r\n..\r\nGrüße\r\n');
  });

  test.each([
    ['an unknown recipient', ['--to', `nobody@${DOMAIN}`], '550 5.1.1'],
    ['another domain', ['--to', 'a@example.com'], '550 5.7.1'],
  ])('is refused %s', async (_name, options, reply) => {
    expect(await swaks(world.provider.ports.mx, ...options)).toContain(reply);
  });

  test('speaks LMTP, and is told about each recipient', async () => {
    const dialogue = await swaks(world.provider.mx.ports['lmtp']!, '--protocol', 'LMTP', '--to', `${alice.address},${alice.address}`, '--header', 'Subject: by LMTP');
    expect(dialogue.match(/250 2\.6\.0 delivered/g)).toHaveLength(2);
    const [text] = await arrivals(1);
    expect(text).toMatch(/with LMTP id/);
  });
});

/** RFC 3030, as Perl's Net::SMTP speaks it, to which a server without BINARYMIME has no CHUNKING either: what it believes is put right. */
const NET_SMTP = `
use strict; use warnings; use Net::SMTP;
my ($port, $recipient) = @ARGV;
binmode STDIN; local $/; my $message = <STDIN>;
my $smtp = Net::SMTP->new('127.0.0.1', Port => $port, Hello => 'client.example.org', Timeout => 30) or die "no connection: $@";
defined $smtp->supports('CHUNKING') or die 'no CHUNKING';
\${*$smtp}{net_smtp_chunking} = 1;
$smtp->mail('perl@example.org') && $smtp->to($recipient) or die $smtp->message;
while (length $message > 1000) { $smtp->bdat(substr $message, 0, 1000, '') or die $smtp->message }
$smtp->bdatlast($message) or die $smtp->message;
print $smtp->code, ' ', $smtp->message;
$smtp->quit;
`;

if (isInstalled('perl')) test('Net::SMTP sends a message in chunks', async () => {
  const message = `Subject: in chunks\r\n\r\n${'.\r\nQUIT\r\n..\r\n'.repeat(500)}`;
  expect(await runProgram('perl', ['-e', NET_SMTP, String(world.provider.ports.mx), alice.address], { home: home(), input: message })).toMatch(/^250 2\.6\.0 delivered/);
  const [text] = await arrivals(1);
  expect(text!.endsWith(message)).toBe(true);
});

if (existsSync(SMTP_SOURCE)) test('smtp-source sends a hundred messages over a hundred sessions at once', async () => {
  await runProgram(SMTP_SOURCE, ['-s', '100', '-m', '100', '-l', '15000', '-f', 'source@example.org', '-t', alice.address, `inet:127.0.0.1:${world.provider.ports.mx}`], { home: home() });
  const texts = await arrivals(100);
  expect(new Set(texts.map((text) => /^Message-Id: .*$/mi.exec(text)?.[0])).size).toBe(100);
});

if (canRunPostfix) describe('a Postfix in front', () => {
  let postfix: Postfix;
  let table: (name: string) => string;
  beforeAll(async () => {
    const { lmtp, socketmap } = world.provider.mx.ports;
    table = (name) => `socketmap:inet:127.0.0.1:${socketmap}:${name}`;
    postfix = await Postfix.start(postfixPort, {
      virtual_mailbox_domains: table('domains'),
      virtual_mailbox_maps: table('recipients'),
      virtual_transport: `lmtp:inet:127.0.0.1:${lmtp}`,
      smtpd_recipient_restrictions: `reject_unauth_destination, check_recipient_access ${table('access')}`,
      relay_domains: OTHER_DOMAIN,
      transport_maps: `inline:{${OTHER_DOMAIN}=smtp:[127.0.0.1]:${world.outside.port}}`,
    });
  });
  afterAll(() => postfix?.stop());

  test('asks our tables as postmap does', async () => {
    const answers = await Promise.all([
      postfix.lookUp(table('domains'), DOMAIN), postfix.lookUp(table('domains'), 'example.org'),
      postfix.lookUp(table('recipients'), alice.address), postfix.lookUp(table('recipients'), `nobody@${DOMAIN}`), postfix.lookUp(table('access'), alice.address),
    ]);
    expect(answers).toEqual(['here', null, 'here', null, null]);
  });

  test('refuses unknown recipients itself and hands over the others by LMTP', async () => {
    const dialogue = await swaks(postfixPort, '--to', `nobody@${DOMAIN}`);
    expect(dialogue).toMatch(/550 5\.1\.1 .*unknown/);
    expect(await swaks(postfixPort, '--to', alice.address, '--header', 'Subject: through Postfix')).toMatch(/250 2\.0\.0 Ok: queued/);
    const [text] = await arrivals(1);
    expect(text).toMatch(/^Return-Path: <swaks@example\.org>\r\nReceived: from front\.example\.net \(\[127\.0\.0\.1\]\)\s+by \S+ with\s+LMTP/);
    expect(text).toContain('Subject: through Postfix');
  });

  test('puts off while provider-sync is away, and never says no', async () => {
    await world.provider.sync.stop();
    try {
      await expect(postfix.lookUp(table('recipients'), `never-asked-for@${DOMAIN}`)).rejects.toThrow();   // what was asked for is known for a while
      expect(await swaks(postfixPort, '--to', `never-asked-for-either@${DOMAIN}`)).toMatch(/451 4\.3\.\d /);
    } finally {
      await world.provider.startSync();
    }
    expect(await postfix.lookUp(table('recipients'), alice.address)).toBe('here');
  });

  test('takes what our relay has for other hosts', async () => {
    const submitted = alice.device.ports.smtp;
    const dialogue = await runProgram('swaks', [
      '--server', `127.0.0.1:${submitted}`, '--auth', 'PLAIN', '--auth-user', alice.address, '--auth-password', alice.mailAppPassword, '--from', alice.address, '--to', `friend@${OTHER_DOMAIN}`,
      '--header', 'Subject: out through Postfix',
    ], { home: home() });
    expect(dialogue).toMatch(/250 .*\n/);
    const [letter] = await world.outside.messages(1);
    expect(letter).toMatchObject({ reversePath: alice.address, forwardPaths: [`friend@${OTHER_DOMAIN}`] });
    expect(letter!.octets.toString()).toMatch(/^DKIM-Signature: /m);
  });
});
