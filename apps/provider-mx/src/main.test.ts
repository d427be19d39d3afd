// The built program as operators start it. Needs `npm run build` first.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'smol-toml';
import { createTestDatabase, type TestDatabase } from '@paloma/embedded-postgres';
import { temporaryDirectory } from '@paloma/test-kit';
import { startNameServer } from '@paloma/test-kit/name-server';
import { ServicesTwin } from './test/services-twin.js';
import { SmtpClient } from './test/smtp-client.js';
import { TestMailbox } from './test/test-mailbox.js';
import { testConfiguration } from './test/test-provider.js';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const START_TIMEOUT_MS = 30_000;
const directory = temporaryDirectory();
let database: TestDatabase;
let services: ServicesTwin;

beforeAll(async () => {
  database = await createTestDatabase();
  services = await ServicesTwin.start();
}, 60_000);
afterAll(async () => {
  await services?.stop();
  await database?.drop();
});

function run(overrides: object = {}, ...words: string[]): ReturnType<typeof spawn> {
  const file = join(directory, 'config.toml');
  writeFileSync(file, stringify({ ...testConfiguration(directory, database.url, services, 1), ...overrides }));
  return spawn(process.execPath, [PROGRAM, ...words, '--config', file], { stdio: ['pipe', 'pipe', 'pipe'] });
}

async function outcome(child: ReturnType<typeof spawn>): Promise<{ code: number; stderr: string }> {
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stderr };
}

test('says that it is ready, serves, and stops when asked to', async () => {
  services.addAccount('alice@example.org', (await TestMailbox.create('alice@example.org')).certificate);
  const child = run();
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const { event, ports } = JSON.parse(line) as { event: string; ports: { mx: number; submission: number } };
  expect([event, Object.keys(ports)]).toEqual(['ready', ['mx', 'submission']]);
  const client = await SmtpClient.connect(ports.mx);
  expect(await client.send('a@outside.example', ['alice@example.org'], 'A: b\r\n\r\nc\r\n')).toMatch(/^250 /);
  client.close();
  child.kill('SIGTERM');
  const { code, stderr } = await outcome(child);
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/alice|"bug"/);
}, START_TIMEOUT_MS);

test('prints the DNS records of its domain, and compares them', async () => {
  const printing = run({}, 'dns');
  const [zone] = (await once(createInterface({ input: printing.stdout! }), 'line')) as [string];
  expect(zone).toMatch(/^; Mail for the domain/);
  expect(await outcome(printing)).toEqual({ code: 0, stderr: '' });
  const nameServer = await startNameServer({ 'example.org/MX': ['10 mx.example.org.'] });
  const checking = run({}, 'dns', '--check', '--server', nameServer.address);
  const [first] = (await once(createInterface({ input: checking.stdout! }), 'line')) as [string];
  expect([first, (await outcome(checking)).code]).toEqual(['ok         MX    example.org.', 1]);
  await nameServer.stop();
}, START_TIMEOUT_MS);

test('shows the queue beside a running process', async () => {
  const child = run({}, 'queue', 'list');
  const [head] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  expect(head).toMatch(/^id +age +domain/);
  expect(await outcome(child)).toEqual({ code: 0, stderr: '' });
}, START_TIMEOUT_MS);

test('takes an address from standard input, so that no argument has to name it', async () => {
  const child = run({}, 'queue', 'list', '--sender', '-');
  child.stdin!.end('alice@example.org\n');
  const [head] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  expect(head).toMatch(/^id +age +domain/);
  expect(await outcome(child)).toEqual({ code: 0, stderr: '' });
}, START_TIMEOUT_MS);

test.each([['queue'], ['dns', '--server', 'nonsense'], ['--check']])('is told how it is called: %s %s', async (...words) => {
  expect(await outcome(run({}, ...words))).toEqual({ code: 1, stderr: expect.stringMatching(/^provider-mx: usage: /) });
}, START_TIMEOUT_MS);

describe('what it cannot start with', () => {
  let other: Server;
  beforeAll(async () => {
    other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
  });
  afterAll(() => void other.close());

  test.each([
    ['a taken port', () => ({ submission: { bind: '127.0.0.1', port: (other.address() as { port: number }).port } }), /^provider-mx: cannot listen on 127\.0\.0\.1 port \d+ \(EADDRINUSE\)\n$/],
    ['no database', () => ({ databaseUrl: 'postgres://nobody:secret@127.0.0.1:1/none' }), /^provider-mx: the database cannot be used \(ECONNREFUSED\)\n$/],
    ['a bad configuration', () => ({ domain: 'not a domain' }), /^provider-mx: \S+config\.toml: domain: must be a domain in lower-case ASCII form\n$/],
    ['a missing certificate', () => ({ mx: { bind: '127.0.0.1', port: 0, tlsCertFile: 'c.pem', tlsKeyFile: 'k.pem' } }), /^provider-mx: the TLS files \S+c\.pem and \S+k\.pem cannot be read\n$/],
    ['a missing token file', () => ({ services: { url: services.url, tokenFile: 'missing' } }), /^provider-mx: the service token file \S+ cannot be read\n$/],
  ])('%s is one sentence and exit code 1', async (_name, overrides, sentence) => {
    expect(await outcome(run(overrides()))).toEqual({ code: 1, stderr: expect.stringMatching(sentence) });
  }, START_TIMEOUT_MS);
});
