// A mail from alice: to bob it is private, to a stranger it is signed, and GnuPG agrees.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import nodemailer from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';
import { fetchAll, openImap, waitForMessages } from './harness/imap-client.js';
import { JmapClient } from './harness/jmap-client.js';
import { until } from './harness/until.js';
import { World, type UserDevice } from './harness/world.js';

let world: World;
let alice: UserDevice;
let bob: UserDevice;

beforeAll(async () => {
  world = await World.start();
  [alice, bob] = await Promise.all([world.signUp('alice'), world.signUp('bob')]);
});
afterAll(() => world?.stop());

/** As a mail program does it: SMTP with the mail-app password. */
function submit(user: UserDevice, mail: SMTPTransport.MailOptions): Promise<unknown> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: user.device.ports.smtp, auth: { user: user.address, pass: user.mailAppPassword }, ignoreTLS: true });
  return transport.sendMail(mail);
}

async function securityOf(user: UserDevice, subject: string): Promise<unknown> {
  const jmap = await JmapClient.open(user);
  const [, get] = await jmap.call(
    ['Email/query', { accountId: jmap.accountId, filter: { subject } }, '0'],
    ['Email/get', { accountId: jmap.accountId, '#ids': { resultOf: '0', name: 'Email/query', path: '/ids' }, properties: ['subject', 'security'] }, '1'],
  );
  return (get!['list'] as { security: unknown }[])[0]?.security;
}

test('bob reads alice\'s mail, and it is private', async () => {
  await submit(alice, { from: alice.address, to: bob.address, subject: 'Ünder the röse', text: 'Nobody else reads this.', attachments: [{ filename: 'k.bin', content: Buffer.alloc(40_000, 7) }] });
  const imap = await openImap(bob);
  await waitForMessages(imap, 'INBOX', 1);
  const [message] = await fetchAll(imap, 'INBOX');
  await imap.logout();
  expect(message!.source.toString()).toContain('Nobody else reads this.');
  expect(await securityOf(bob, 'röse')).toMatchObject({ status: 'private', isEncrypted: true, signature: 'valid' });
});

test('alice\'s Sent mailbox shows what she sent', async () => {
  const imap = await openImap(alice);
  await waitForMessages(imap, 'Sent', 1);
  const [sent] = await fetchAll(imap, 'Sent');
  await imap.logout();
  expect(sent!.source.toString()).toContain('Nobody else reads this.');
});

test('a stranger gets a signed mail that GnuPG verifies', async () => {
  await submit(alice, { from: alice.address, to: 'stranger@example.org', subject: 'Signed for a stranger', text: 'Trust, but verify.' });
  const [received] = await world.outside.messages(1);
  expect(received).toMatchObject({ reversePath: alice.address, forwardPaths: ['stranger@example.org'] });
  const text = received!.octets.toString('latin1');
  expect(text).toMatch(/^Content-Type: multipart\/signed;/mi);
  verifyWithGnuPg(received!.octets, publishedCertificate(alice));
});

test('a From address of somebody else is refused at once', async () => {
  await expect(submit(alice, { from: bob.address, to: 'stranger@example.org', subject: 'forged', text: 'x' })).rejects.toThrow(/550 5\.7\.1/);
});

test('what becomes of each recipient is told by the notices that come back', async () => {
  await submit(alice, { from: alice.address, to: [bob.address, 'nobody@example.org'], subject: 'Half arrives', text: 'x', dsn: { ret: 'HDRS', notify: ['SUCCESS', 'FAILURE'] } });
  const jmap = await JmapClient.open(alice);
  const statusOf = async (address: string): Promise<{ delivered: string; smtpReply: string } | undefined> => {
    const [answer] = await jmap.call(['EmailSubmission/get', { accountId: jmap.accountId, ids: null, properties: ['deliveryStatus', 'dsnBlobIds'] }, '0']);
    const statuses = answer!['list'] as { deliveryStatus: Record<string, { delivered: string; smtpReply: string }> }[];
    return statuses.find(({ deliveryStatus }) => 'nobody@example.org' in deliveryStatus)?.deliveryStatus[address];
  };
  await until(async () => (await statusOf('nobody@example.org'))?.delivered === 'no' && (await statusOf(bob.address))?.delivered === 'yes');
  expect((await statusOf('nobody@example.org'))?.smtpReply).toContain('550 5.1.1 no such mailbox');
});

/** From the provider's key directory, as a stranger's program asks for it. */
function publishedCertificate(user: UserDevice): Buffer {
  const url = `${world.provider.publicUrl}/.well-known/openpgpkey/hu/${wkdHash(user.name)}?l=${user.name}`;
  return execFileSync('curl', ['-sf', '--cacert', world.provider.tls.authorityFile, url]);
}

/** z-base-32 of the SHA-1 of the local part: draft-koch-openpgp-webkey-service §3.1, written here a second time as a judge. */
function wkdHash(localPart: string): string {
  const bits = [...createHash('sha1').update(localPart).digest()].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return bits.match(/.{5}/g)!.map((five) => 'ybndrfg8ejkmcpqxot1uwisza345h769'[Number.parseInt(five, 2)]).join('');
}

/** RFC 3156 §5: the signed part is canonical, CRLF, without the line end before the boundary. */
function signedPartOf(octets: Buffer): { signed: Buffer; signature: Buffer } {
  const text = octets.toString('latin1');
  const boundary = /boundary="?([^";\r\n]+)/i.exec(text)![1]!;
  const [, signed, signature] = text.split(new RegExp(`(?:^|\\r\\n)--${boundary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:--)?\\r\\n`));
  return { signed: Buffer.from(signed!, 'latin1'), signature: Buffer.from(signature!.slice(signature!.indexOf('\r\n\r\n') + 4), 'latin1') };
}

function verifyWithGnuPg(octets: Buffer, certificate: Buffer): void {
  const home = mkdtempSync(join(tmpdir(), 'paloma-gpg-'));
  const { signed, signature } = signedPartOf(octets);
  const run = (...args: string[]): string => {
    const result = spawnSync('gpg', ['--homedir', home, '--batch', '--no-tty', '--trust-model', 'always', ...args], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(result.stderr);
    return result.stderr;
  };
  try {
    for (const [name, data] of [['cert', certificate], ['signed', signed], ['sig', signature]] as const) writeFileSync(join(home, name), data);
    run('--import', join(home, 'cert'));
    expect(run('--verify', join(home, 'sig'), join(home, 'signed'))).toContain('Good signature');
  } finally {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  }
}
