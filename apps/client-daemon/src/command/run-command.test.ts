// The built command against a built daemon that runs. What needs a provider is in e2e/src/paloma-command.e2e.ts.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { RunningDaemon, paloma, startPaloma, type CommandResult } from '../test/running-daemon.js';
import { COMMANDS } from './commands/index.js';
import { helpOf, helpText } from './help.js';

const directory = temporaryDirectory();
let daemon: RunningDaemon;
beforeAll(async () => { daemon = await RunningDaemon.start(directory); });
afterAll(() => daemon.stop());

const run = (...args: string[]): Promise<CommandResult> => paloma(['--state', daemon.stateDirectory, ...args]);

test('the help is as it was read and approved', () => {
  const golden = readFileSync(new URL('./__golden__/help.txt', import.meta.url), 'utf8');
  expect(`${[helpText(), ...COMMANDS.map(helpOf)].join('\n\n----\n\n')}\n`).toBe(golden);
});

test('without a command it helps; with --help a command says how it is used', async () => {
  expect(await paloma([])).toEqual({ code: 0, out: `${helpText()}\n`, err: '' });
  for (const args of [['password', 'add', '--help'], ['help', 'password', 'add'], ['-h', 'password', 'add']]) {
    expect(await paloma(args)).toEqual({ code: 0, out: `${helpOf(COMMANDS.find(({ name }) => name === 'password add')!)}\n`, err: '' });
  }
});

test('status tells the ports, to a person and to a program', async () => {
  const { imap, smtp, http } = daemon.ports;
  const text = await run('status');
  expect([text.code, text.err]).toEqual([0, '']);
  expect(text.out).toContain(`IMAP ${imap}   SMTP ${smtp}   HTTP ${http}`);
  expect(JSON.parse((await run('status', '--json')).out)).toMatchObject({ ports: { imap, smtp, http }, accounts: [] });
});

describe('what cannot be done is said in a sentence, with an exit code', () => {
  test.each<[string[], number, RegExp]>([
    [['fly'], 2, /^There is no command "fly": see "paloma --help"\.\n$/],
    [['password'], 2, /^Say which: "password list", "password add", "password revoke"\.\n$/],
    [['password', 'add'], 2, /^Usage: paloma password add NAME/],
    [['status', 'now'], 2, /^Usage: paloma status\n$/],
    [['status', '--unlocks'], 2, /^"paloma status" takes no --unlocks\.\n$/],
    [['status', '--passphrase', 'secret'], 2, /^Unknown option '--passphrase': see/],
    [['unlock'], 2, /^There is no account on this device: use "paloma sign-up"/],
    [['sign-up', 'ana@example.org'], 2, /^There is no line on standard input for: New passphrase\.\n$/],
  ])('%j', async (args, code, err) => {
    const result = await run(...args);
    expect([result.code, result.out]).toEqual([code, '']);
    expect(result.err).toMatch(err);
  });

  test('a provider that is not there', async () => {
    const result = await paloma(['--state', daemon.stateDirectory, 'sign-up', 'ana@example.org', '--provider', 'https://127.0.0.1:1'], 'a passphrase\n');
    expect(result).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^The provider could not be reached/) });
    expect(result.err).not.toMatch(/ana|a passphrase/);
  });

  test('no daemon', async () => {
    const nowhere = join(directory, 'nowhere');
    expect(await paloma(['--state', nowhere, 'status'])).toEqual({ code: 3, out: '', err: `No daemon runs with ${nowhere}: start palomad, or name its directory with --state.\n` });
    expect((await paloma(['--state', nowhere, 'profile'])).code).toBe(0);
  });
});

test('debug imap shows a dialogue as it happens, without what is nobody\'s business, until it is interrupted', async () => {
  const watching = startPaloma(['--state', daemon.stateDirectory, 'debug', 'imap', '--json']);
  const lines: { event: string; text: string }[] = [];
  const talk = (commands: string): void => void connect(daemon.ports['imap']!, '127.0.0.1').on('error', () => {}).end(commands).resume();
  // Whoever watches is heard of by the daemon some time after he was started: clients come until one was seen.
  const comingAndGoing = setInterval(() => talk('n LOGOUT\r\n'), 100);
  await new Promise<void>((resolve) => {
    createInterface({ input: watching.stdout! }).on('line', (line) => {
      lines.push(JSON.parse(line) as { event: string; text: string });
      if (lines.length === 1) {
        clearInterval(comingAndGoing);
        talk('a LOGIN ana@example.org correct-horse\r\nb LOGOUT\r\n');
      }
      if (lines.at(-1)!.text.startsWith('b OK')) resolve();
    });
  }).finally(() => clearInterval(comingAndGoing));
  watching.kill('SIGINT');
  expect((await once(watching, 'exit'))[0]).toBe(0);
  expect(lines.map(({ text }) => text)).toEqual(expect.arrayContaining(['a LOGIN ‹15› ‹13›', 'a NO [AUTHENTICATIONFAILED] wrong address or mail-app password']));
  expect(JSON.stringify(lines)).not.toMatch(/ana@|horse/);
});
