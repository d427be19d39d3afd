// The program as it is started: dist/main.js in a process of its own.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@paloma/embedded-postgres';
import { servicesPaths } from '@paloma/sync-protocol';
import { temporaryDirectory } from '@paloma/test-kit';
import { Agent, request } from 'undici';
import { TestClient } from './test/test-client.js';

const MAIN = new URL('../dist/main.js', import.meta.url).pathname;
const base = temporaryDirectory();
const started: ChildProcess[] = [];
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
}, 60_000);
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => database.drop());

const CONFIGURATION = {
  domain: '"example.org"', blobDirectory: '"blobs"', stateDirectory: '"state"', registration: '"open"',
  'users.port': '0', 'users.publicUrl': '"https://mail.example.org"', 'services.port': '0', 'services.tokenFile': '"tokens"', 'submission.host': '"mx.example.org"',
};

function configure(changes: Record<string, string> = {}): { file: string; directory: string } {
  const directory = mkdtempSync(join(base, 'provider-'));
  const file = join(directory, 'provider.toml');
  writeFileSync(file, Object.entries({ ...CONFIGURATION, ...changes }).map(([key, value]) => `${key} = ${value}\n`).join(''));
  writeFileSync(join(directory, 'tokens'), `${'s'.repeat(43)}\n`);
  return { file, directory };
}

function run(parameters: string[], databaseUrl = database.url, input = '') {
  const child = spawn(process.execPath, [MAIN, ...parameters], { env: { ...process.env, DATABASE_URL: databaseUrl }, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  started.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  return { child, output, ended: once(child, 'close').then(([code]) => ({ code: code as number, ...output })) };
}

async function ready({ child, output }: ReturnType<typeof run>): Promise<{ users: number; services: number }> {
  while (!output.stdout.includes('\n')) await once(child.stdout!, 'data');
  return (JSON.parse(output.stdout) as { ports: { users: number; services: number } }).ports;
}

test('it says when it is ready, serves both listeners, ends event connections and stops with code 0', async () => {
  const { file, directory } = configure();
  const provider = run(['--config', file]);
  const ports = await ready(provider);
  const agent = new Agent();
  const answer = await request(`http://127.0.0.1:${ports.users}/.well-known/paloma`, { dispatcher: agent });
  expect(await answer.body.json()).toMatchObject({ domain: 'example.org' });
  const client = await new TestClient(`http://127.0.0.1:${ports.users}`, `http://127.0.0.1:${ports.services}`, agent).signUp();
  expect((await client.services('GET', servicesPaths.ready)).status).toBe(200);
  const events = await client.events();
  await events.next();
  await events.next();
  expect(statSync(join(directory, 'state', 'opaque-setup')).mode & 0o777).toBe(0o600);
  provider.child.kill('SIGTERM');
  expect(await events.next()).toBeNull();
  const { code, stdout, stderr } = await provider.ended;
  await agent.close();
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  for (const line of stderr.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ program: 'provider-sync' });
});

test('the OPAQUE setup is made once and kept', async () => {
  const { file, directory } = configure();
  const setups: string[] = [];
  for (let start = 0; start < 2; start++) {
    const provider = run(['--config', file]);
    await ready(provider);
    setups.push(readFileSync(join(directory, 'state', 'opaque-setup'), 'utf8'));
    provider.child.kill('SIGINT');
    expect((await provider.ended).code).toBe(0);
  }
  expect(setups[0]!.length).toBeGreaterThan(100);
  expect(setups[1]).toBe(setups[0]);
});

test('invite prints a code', async () => {
  const { code, stdout } = await run(['invite', '--config', configure().file]).ended;
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^[\w-]{22}\n$/)]);
});

test('an address comes over standard input, and no argument has it', async () => {
  const { code, stdout, stderr } = await run(['account', 'disable', '-', '--config', configure().file], database.url, 'nobody@example.org\n').ended;
  expect([code, stdout, stderr]).toEqual([1, '', 'provider-sync: no account was made with this address\n']);
});

test('a port that is taken ends it with code 1 and one sentence', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stdout, stderr } = await run(['--config', configure({ 'services.port': String(port) }).file]).ended;
  server.close();
  expect([code, stdout, stderr]).toEqual([1, '', `provider-sync: cannot listen on 127.0.0.1:${port} (EADDRINUSE)\n`]);
});

test('a database that cannot be reached ends it with code 1 and one sentence without its address', async () => {
  const { code, stderr } = await run(['--config', configure().file], 'postgres://canary:canary@127.0.0.1:1/none').ended;
  expect([code, stderr]).toEqual([1, 'provider-sync: the database cannot be used (ECONNREFUSED)\n']);
});

test.each([
  ['no configuration named', [], {}, /^provider-sync: usage: [^]*\n$/],
  ['a file that is not there', ['--config', '/nowhere/provider.toml'], {}, /^provider-sync: \/nowhere\/provider.toml cannot be read: ENOENT.*\n$/],
  ['a key nobody knows', null, { 'users.prot': '1' }, /^provider-sync: .*users: Unrecognized key: "prot"\n$/],
  ['a token file that is not there', null, { 'services.tokenFile': '"nowhere"' }, /^provider-sync: the service token file .* cannot be read\n$/],
  ['a certificate that is not there', null, { 'users.tlsCertFile': '"no"', 'users.tlsKeyFile': '"no"' }, /^provider-sync: certificate or key cannot be read: .*\n$/],
])('%s ends it with code 1 and one sentence', async (_name, parameters, changes, sentence) => {
  const { code, stdout, stderr } = await run(parameters ?? ['--config', configure(changes).file]).ended;
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(sentence)]);
});
