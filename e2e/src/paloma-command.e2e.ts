// The command `paloma` and the passwords of mail programs, with real processes: from sign-up by command line to a machine that serves its
// mail programs after a restart without a passphrase.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Device } from '@paloma/reference-deployment';
import { LineDialogue } from './harness/line-dialogue.js';
import { paloma, type CommandResult } from './harness/paloma-command.js';
import { DOMAIN, World, type UserDevice } from './harness/world.js';

const ADDRESS = `carla@${DOMAIN}`;
const PASSPHRASE = 'passphrase of carla, quite long';
const STRANGER = `nobody@${DOMAIN}`;
const WRONG = 'abcd-efgh-ijkl-mnop-qrst-uvwx-yz23-4567';
let world: World;
let device: Device;
let bob: UserDevice;

beforeAll(async () => {
  world = await World.start();
  bob = await world.signUp('bob');
  const directory = join(world.directory, 'carla-1');
  mkdirSync(directory);
  device = await Device.start({ title: "carla's daemon", directory, providerAuthorityFile: world.provider.tls.authorityFile });
  expect(await run(['sign-up', ADDRESS, '--provider', world.provider.publicUrl, '--name', 'Carla', '--device', 'server'], [PASSPHRASE])).toMatchObject({ code: 0, err: '' });
});
afterAll(async () => {
  await device?.stop();
  await world.stop();
});

const run = (args: readonly string[], lines: readonly string[] = []): Promise<CommandResult> => paloma(device, args, lines);

/** What the two servers answer to a log-in. */
async function logIn(address: string, password: string): Promise<{ imap: string; smtp: string }> {
  const [imap, smtp] = await Promise.all([LineDialogue.open(device.ports.imap), LineDialogue.open(device.ports.smtp)]);
  const plain = Buffer.from(`\0${address}\0${password}`).toString('base64');
  await smtp.ask(null, /^220 /);   // RFC 5321 §4.3.1: the server speaks first
  await smtp.ask('EHLO mail-program', /^250 /);
  const answers = { imap: (await imap.ask(`a LOGIN ${address} ${password}`, /^a /))!, smtp: (await smtp.ask(`AUTH PLAIN ${plain}`, /^\d/))! };
  imap.close();
  smtp.close();
  return { imap: answers.imap.replace(/\[CAPABILITY.*\] /, ''), smtp: answers.smtp.slice(0, 9) };
}

const LET_IN = { imap: 'a OK logged in', smtp: '235 2.7.0' };
const REFUSED = { imap: 'a NO [AUTHENTICATIONFAILED] wrong address or mail-app password', smtp: '535 5.7.8' };
const LOCKED = { imap: 'a NO [UNAVAILABLE] this account is locked: unlock it in Paloma, then let the mail program try again', smtp: '454 4.7.0' };

const addPassword = async (...args: string[]): Promise<string> => (await run(['password', 'add', ...args])).out;
const statusOf = async (): Promise<string> => (JSON.parse((await run(['accounts', '--json'])).out) as { state: string }[])[0]!.state;

describe('a password of a mail program', () => {
  test('lets it in on both loopback addresses, is listed with its last use, and ends with all that was opened by it', async () => {
    const [phone, laptop] = [await addPassword('phone'), await addPassword('laptop')];
    expect(await logIn(ADDRESS, phone)).toEqual(LET_IN);
    expect(await logIn(ADDRESS, WRONG)).toEqual(REFUSED);
    const programs = await Promise.all([phone, laptop].map(async (password) => {
      const program = await LineDialogue.open(device.ports.imap, '::1').catch(() => LineDialogue.open(device.ports.imap));
      await program.ask(`a LOGIN ${ADDRESS} ${password}`, /^a OK/);
      await program.ask('b IDLE', /^(?:\+|b BAD)/);
      return program;
    }));
    expect((await run(['password', 'list'])).out).toMatch(/phone +\d{4}-\d\d-\d\d \d\d:\d\d +\d{4}-\d\d-\d\d \d\d:\d\d +no/);
    expect(await run(['password', 'revoke', 'phone'])).toMatchObject({ code: 0, out: 'The password of phone is revoked.' });
    expect(await programs[0]!.ask(null, /BYE/)).toBe('* BYE the password of this mail program was revoked');
    expect(await programs[0]!.ask(null, /./)).toBeNull();
    expect(await programs[1]!.ask('DONE', /^b /)).toMatch(/^b /);
    for (const program of programs) program.close();
    expect(await logIn(ADDRESS, phone)).toEqual(REFUSED);
    expect(await logIn(ADDRESS, laptop)).toEqual(LET_IN);
    expect(await run(['password', 'revoke', 'phone'])).toMatchObject({ code: 2, err: 'There is no such password: see "paloma password list".' });
  });

  test('while the account is locked its owner is told so; whoever has no password cannot tell who lives here', async () => {
    const password = await addPassword('tablet');
    expect(await run(['lock'])).toMatchObject({ code: 0 });
    expect(await logIn(ADDRESS, password)).toEqual(LOCKED);
    expect(await logIn(ADDRESS, WRONG)).toEqual(REFUSED);
    expect(await logIn(STRANGER, WRONG)).toEqual(REFUSED);
    expect(await run(['password', 'list'])).toMatchObject({ code: 1, err: 'This account is locked: unlock it first.' });
    expect(await run(['unlock'], ['wrong'])).toMatchObject({ code: 1, err: 'Address or passphrase is wrong.' });
    expect(await run(['unlock'], [PASSPHRASE])).toMatchObject({ code: 0 });
    expect(await logIn(ADDRESS, password)).toEqual(LET_IN);
  });

  test('opens the account after a restart if it was made so, until it is revoked or other devices are locked out', async () => {
    const [opening, other] = [await addPassword('cron', '--unlocks'), await addPassword('mutt')];
    const restart = async (): Promise<void> => {
      await device.stop();
      await device.start();
    };
    await restart();
    expect(await logIn(ADDRESS, other)).toEqual(LOCKED);
    expect(await statusOf()).toBe('locked');
    expect(await logIn(ADDRESS, opening)).toEqual(LET_IN);
    expect(await statusOf()).toBe('open');
    expect(await run(['sync'])).toMatchObject({ code: 0 });

    expect(await run(['rotate', '--lock-out'], [PASSPHRASE])).toMatchObject({ code: 0 });
    expect((await run(['password', 'list'])).out).toMatch(/cron.* no$/m);
    await restart();
    expect(await logIn(ADDRESS, opening)).toEqual(LOCKED);
    expect(await run(['unlock'], [PASSPHRASE])).toMatchObject({ code: 0 });
  });
});

test('keys go out and come in: GnuPG reads what is exported, and bob\'s certificate is taken', async () => {
  const certificate = (await run(['keys', 'export'])).out;
  expect(certificate).toMatch(/^-----BEGIN PGP PUBLIC KEY BLOCK-----/);
  const directory = mkdtempSync(join(world.directory, 'keys-'));
  writeFileSync(join(directory, 'bob.asc'), (await paloma(bob.device, ['keys', 'export'])).out);
  expect((await run(['keys', 'import', bob.address, join(directory, 'bob.asc')])).out).toMatch(/^[0-9A-F]{40}\nThe certificate is in use from now on\.$/);
  expect((await run(['keys', 'list'])).out).toMatch(new RegExp(`${bob.address} +[0-9A-F]{40} +knownKey, import`));
  expect(await run(['keys', 'import', 'other@example.org', join(directory, 'bob.asc')])).toMatchObject({ code: 1, err: 'This certificate is not for that address, or the address is your own.' });

  expect(await run(['keys', 'export', '--secret'], ['wrong', 'for the file'])).toMatchObject({ code: 1, out: '' });
  const secret = (await run(['keys', 'export', '--secret'], [PASSPHRASE, 'for the file'])).out;
  expect(secret).toMatch(/^-----BEGIN PGP PRIVATE KEY BLOCK-----/);
  if (spawnSync('gpg', ['--version']).status !== 0) return;
  const gpg = spawnSync('gpg', ['--homedir', directory, '--batch', '--import'], { input: secret });
  expect(gpg.stderr.toString()).toMatch(/secret keys imported: 1/);
});

test('credentials and devices are looked after, and nothing that is wrong is hidden', async () => {
  expect((await run(['devices', 'list'])).out).toMatch(/server .* this one/);
  expect((await run(['recovery-kit'], [PASSPHRASE])).out).toMatch(/^Recovery kit for your mail\n[\s\S]*(?:[0-9A-Z]{5} {2}){3}[0-9A-Z]{5}/);
  const next = 'another passphrase, also long';
  expect(await run(['passphrase', 'change'], ['wrong', next])).toMatchObject({ code: 1 });
  expect(await run(['passphrase', 'change'], [PASSPHRASE, next])).toMatchObject({ code: 0, out: 'The passphrase is changed.' });
  expect(await run(['alarms', 'list'])).toMatchObject({ code: 0, out: 'No alarm.' });
  expect(await run(['alarms', 'dismiss'])).toMatchObject({ code: 0 });
  expect(await run(['quarantine', 'list'])).toMatchObject({ code: 0, out: 'Nothing is in quarantine.' });
  expect((await run(['web'])).out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#ticket=/);
  expect((await run(['status'])).out).toMatch(new RegExp(`${ADDRESS} +open +idle`));
});
