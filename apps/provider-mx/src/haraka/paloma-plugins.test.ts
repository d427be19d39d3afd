// Our duties as Haraka plugins: the same two files in a Haraka as it comes from npm and in our host, each a process of its own.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { ServicesTwin } from '../test/services-twin.js';
import { SmtpClient } from '../test/smtp-client.js';
import { TestMailbox } from '../test/test-mailbox.js';

const APP = fileURLToPath(new URL('../..', import.meta.url));
const HARAKA_DIRECTORY = dirname(createRequire(import.meta.url).resolve('Haraka/package.json'));
const MESSAGE = 'From: stella@outside.example\r\nSubject: canary\r\n\r\n.dot and canary\r\n';

const programs: [name: string, commandLine: (directory: string) => string[]][] = [
  ['Haraka', (directory) => [join(HARAKA_DIRECTORY, 'bin/haraka'), '-c', directory]],
  ['our host', (directory) => [join(APP, 'dist/test/haraka-host-program.js'), directory]],
];

describe.each(programs)('%s with paloma.rcpt and paloma.deliver', (name, commandLine) => {
  const directory = temporaryDirectory();
  let services: ServicesTwin;
  let alice: TestMailbox;
  let bob: TestMailbox;
  let program: ChildProcess;
  let port: number;
  const said: string[] = [];
  let client: SmtpClient;

  beforeAll(async () => {
    services = await ServicesTwin.start();
    [alice, bob] = await Promise.all([TestMailbox.create('alice@example.org'), TestMailbox.create('bob@example.org')]);
    services.addAccount('alice@example.org', alice.certificate);
    services.addAccount('bob@example.org', bob.certificate);
    writeInstallation(directory, services);
    program = spawn(process.execPath, commandLine(directory), { stdio: ['ignore', 'pipe', 'inherit'] });
    port = await listeningPort(program, said);
  }, 60_000);
  beforeEach(async () => {
    client = await SmtpClient.connect(port);
  });
  afterEach(() => {
    client.close();
    services.forget();
  });
  afterAll(async () => {
    program.kill('SIGKILL');
    await services.stop();
  });

  test.each([
    ['nobody here', 'nobody@example.org', /^550 5\.1\.1 no such mailbox/],
    ['somebody elsewhere', 'carol@elsewhere.example', /^550 (?:5\.1\.1 )?I cannot deliver mail for/],
    ['a mailbox', 'alice@example.org', /^250 /],
  ])('knows %s', async (_who, address, reply) => {
    await client.command('MAIL FROM:<stella@outside.example>');
    expect(await client.command(`RCPT TO:<${address}>`)).toMatch(reply);
  });

  test('says nothing on standard output but where it listens, if it is ours', () => {
    expect(said.length === 0).toBe(name === 'our host');
  });

  test('puts mail off while the services API is away', async () => {
    services.sabotage = () => 'unavailable';
    await client.command('MAIL FROM:<stella@outside.example>');
    expect(await client.command('RCPT TO:<nobody@example.org>')).toMatch(/^450 4\.3\.0 /);
  });

  test.each([['no From', ''], ['nobody in From', 'From: undisclosed\r\n']])('refuses a message with %s', async (_what, from) => {
    expect(await client.send('stella@outside.example', ['alice@example.org'], MESSAGE.replace(/^From.*\r\n/, from))).toMatch(/^550 5\.7\.1 From must name an author/);
    expect(services.itemsOf('alice@example.org')).toEqual([]);
  });

  test('seals each copy to its recipient, with the trace on top', async () => {
    expect(await client.send('stella@outside.example', ['alice@example.org', 'bob@example.org'], MESSAGE.replace('\r\n.dot', '\r\n..dot'))).toMatch(/^250 .*delivered/);
    for (const [mailbox, address] of [[alice, 'alice@example.org'], [bob, 'bob@example.org']] as const) {
      const [item] = services.itemsOf(address);
      expect(item!.toString('latin1')).not.toContain('canary');
      const text = await mailbox.open(item!);
      expect(text).toMatch(/^Return-Path: <stella@outside\.example>\r\nReceived: from client\.example /);
      expect(text.endsWith(MESSAGE)).toBe(true);
    }
  });

  test('a message repeated after a lost answer is there once; another one is another', async () => {
    for (const message of [MESSAGE, MESSAGE, `${MESSAGE}more\r\n`]) await client.send('stella@outside.example', ['alice@example.org'], message.replace('\r\n.dot', '\r\n..dot'));
    expect([services.puts.length, services.items.size]).toEqual([3, 2]);
  });

  test('when one copy is not durable the sender is asked to repeat', async () => {
    const { accountId } = services.accounts.get('bob@example.org')!;
    services.sabotage = (method, path) => (method === 'PUT' && path.includes(accountId) ? 'unavailable' : null);
    expect(await client.send('stella@outside.example', ['alice@example.org', 'bob@example.org'], MESSAGE)).toMatch(/^450 4\.3\.0 /);
  });
});

/** A directory as `haraka -i` would make one, with our plugins and nothing else. */
function writeInstallation(directory: string, services: ServicesTwin): void {
  mkdirSync(join(directory, 'config'), { recursive: true });
  mkdirSync(join(directory, 'state'));
  symlinkSync(join(APP, 'haraka/plugins'), join(directory, 'plugins'));
  const files = {
    'services.token': services.token,
    'mx.toml': [
      'domain = "example.org"', 'hostname = "mx.example.org"', 'databaseUrl = "postgres://not-used"', 'stateDirectory = "state"',
      '[mx]', 'bind = "127.0.0.1"', 'port = 0', '[submission]', 'bind = "127.0.0.1"', 'port = 0', '[services]', `url = "${services.url}"`, 'tokenFile = "services.token"',
    ].join('\n'),
    'config/plugins': 'paloma.rcpt\npaloma.deliver\n',
    'config/paloma.ini': 'configuration=mx.toml\n',
    'config/smtp.ini': 'listen=127.0.0.1:0\nnodes=0\n',
    'config/connection.ini': `spool_after=-1\n${readFileSync(join(HARAKA_DIRECTORY, 'config/connection.ini'), 'utf8')}`,   // Haraka has no defaults for these
    'config/me': 'mx.example.org\n',
    'config/loglevel': 'NOTICE\n',
  };
  for (const [path, content] of Object.entries(files)) writeFileSync(join(directory, path), content);
}

/** Both programs say where they listen; `said` gets what they said before. */
async function listeningPort({ stdout }: ChildProcess, said: string[]): Promise<number> {
  for await (const line of createInterface({ input: stdout! })) {
    const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      stdout!.resume();
      return Number(port);
    }
    said.push(line);
  }
  throw new Error('the program ended before it listened');
}
