// The loopback port as strangers meet it: other names, other origins, no token. A real server, a registry without accounts.

import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redacted } from '@paloma/shared-model';
import { systemRandom } from '@paloma/crypto/public';
import { isInstalled, outputOf, manualClock, temporaryDirectory } from '@paloma/test-kit';
import { AccountLifecycle } from '../accounts/account-lifecycle.js';
import { AccountOpener } from '../accounts/account-opener.js';
import { AccountRegistry } from '../accounts/account-registry.js';
import { ImapDebugger } from '../debug/imap-debugger.js';
import { createLog } from '../log.js';
import { HttpServer } from './http-server.js';
import { WebSessions } from './web-sessions.js';

const CONTROL_TOKEN = 'c0ntrol-token-of-this-test';
const clock = manualClock();
const log = createLog();
const directory = temporaryDirectory();
const imapDebugger = new ImapDebugger(clock);
let server: HttpServer;
let port: number;

beforeAll(async () => {
  const opener = new AccountOpener({ authority: undefined, keyDirectoryRoutes: {}, clock, random: systemRandom, log });
  const registry = new AccountRegistry(join(directory, 'accounts'), opener, systemRandom);
  const sessions = new WebSessions(clock, systemRandom);
  server = new HttpServer({
    mailProgramServers: () => ({ imap: { host: '127.0.0.1', port: 1984, isTls: false }, smtp: { host: '192.0.2.7', port: 1465, isTls: true } }),
    control: { registry, imapDebugger, lifecycle: new AccountLifecycle(registry, clock), sessions, controlToken: new Redacted(CONTROL_TOKEN), version: '0', ports: () => ({}), appUrl: () => server.appUrl },
    jmap: () => async () => false,
    log,
  });
  port = await server.listen(0);
});
afterAll(() => server.close());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** `fetch` would not let a test choose Host and Origin. */
function ask(path: string, { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (data: string) => { text += data; }).on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

const control = { authorization: `Bearer ${CONTROL_TOKEN}` };

describe('who may ask', () => {
  test.each<[string, Record<string, string>, number]>([
    ['our own name', {}, 200],
    ['another name that resolves to this machine (DNS rebinding)', { host: 'evil.example' }, 403],
    ['our address with another port', { host: '127.0.0.1:1' }, 403],
    ['our own page', { origin: 'OWN', 'sec-fetch-site': 'same-origin' }, 200],
    ['a page of another site (CSRF)', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
    ['a frame or image on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    ['the sandboxed mail view (opaque origin)', { origin: 'null', 'sec-fetch-site': 'cross-site' }, 403],
  ])('%s', async (_name, headers, status) => {
    const own = headers['origin'] === 'OWN' ? { ...headers, origin: `http://127.0.0.1:${port}` } : headers;
    expect((await ask('/control/v1/status', { headers: { ...control, ...own } })).status).toBe(status);
  });

  test.each(['', 'Bearer wrong-token-of-this-test', `Basic ${CONTROL_TOKEN}`])('control refuses the authorization "%s"', async (authorization) => {
    expect((await ask('/control/v1/status', { headers: authorization ? { authorization } : {} })).status).toBe(401);
  });
});

describe('the two origins', () => {
  test('the app is served with a policy without unsafe sources and without HTML sinks', async () => {
    const { status, headers, body } = await ask('/mail/inbox');
    expect([status, body.includes('<div id=')]).toEqual([200, true]);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("trusted-types 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['set-cookie']).toBeUndefined();
  });

  test('the view name answers nothing but the view', async () => {
    const host = `localhost:${port}`;
    const view = await ask('/view/', { headers: { host } });
    expect(view.status).toBe(200);
    expect(view.headers['content-security-policy']).toMatch(/^sandbox allow-scripts; default-src 'none'; script-src 'sha256-[^']+';/);
    for (const path of ['/', '/control/v1/status', '/auth/ticket', '/jmap/session', '/view/../']) {
      expect({ path, status: (await ask(path, { headers: { host, ...control } })).status }).toEqual({ path, status: 404 });
    }
  });

  test('no path becomes a file name', async () => {
    for (const path of ['/..%2f..%2fpackage.json', '/assets/../../package.json', '//etc/passwd.html']) expect((await ask(path)).status).toBe(404);
  });
});

describe('bad requests have clear answers', () => {
  test.each<[string, string, string, number]>([
    ['no JSON', '/control/v1/accounts', 'x', 400],
    ['an unknown member', '/control/v1/accounts', '{"mode":"signUp","colour":1}', 400],
    ['a body over the limit', '/control/v1/accounts', `"${'x'.repeat(70_000)}"`, 413],
    ['an account that is not here', '/control/v1/accounts/aaaaaaaaaaaaaaaaaaaaaa/unlock', '{"passphrase":"x"}', 404],
    ['an action that does not exist', '/control/v1/accounts/aaaaaaaaaaaaaaaaaaaaaa/explode', '{}', 404],
    ['a spent ticket', '/auth/ticket', '{"ticket":"x"}', 401],
    ['signing in to an account that is not here', '/auth/sign-in', '{"address":"a@paloma.test","passphrase":"x"}', 401],
  ])('%s', async (_name, path, body, status) => {
    const answer = await ask(path, { method: 'POST', headers: control, body });
    expect(answer.status).toBe(status);
    expect(Object.keys(JSON.parse(answer.body) as object)).toEqual(['error', 'sentence']);
  });
});

describe('mail programs configure themselves', () => {
  const FIRST = ['<domain>example.org</domain>', '<hostname>127.0.0.1</hostname>', '<port>1984</port>', '<socketType>plain</socketType>', '<hostname>192.0.2.7</hostname>', '<port>1465</port>', '<socketType>SSL</socketType>', '<username>%EMAILADDRESS%</username>'];

  test.each(['/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=ana%40example.org', '/mail/config-v1.1.xml?emailaddress=ana@example.org', '/autoconfig/example.org'])('Thunderbird: %s', async (path) => {
    const { status, headers, body } = await ask(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/xml; charset=utf-8']);
    for (const part of FIRST) expect(body).toContain(part);
    expect(body).not.toContain('ana');
  });

  test('Apple: a profile with the address that was asked for, the same each time, and no password', async () => {
    const path = '/autoconfig/paloma.mobileconfig?address=o%27neil%26co%40example.org';
    const { status, headers, body } = await ask(path);
    expect([status, headers['content-type'], headers['content-disposition']]).toEqual([200, 'application/x-apple-aspen-config', 'attachment; filename="paloma.mobileconfig"']);
    for (const part of ['<key>EmailAddress</key><string>o&#39;neil&#38;co@example.org</string>', '<key>IncomingMailServerPortNumber</key><integer>1984</integer>', '<key>OutgoingMailServerUseSSL</key><true/>']) expect(body).toContain(part);
    expect(body).not.toMatch(/<key>IncomingPassword/);
    expect((await ask(path)).body).toBe(body);
    if (isInstalled('python3')) expect((await outputOf('python3', ['-c', 'import plistlib, sys\nprint(plistlib.loads(sys.stdin.buffer.read())["PayloadContent"][0]["EmailAddress"])'], body)).toString()).toBe("o'neil&co@example.org\n");
  });

  test.each([['/autoconfig/paloma.mobileconfig', 400], ['/autoconfig/paloma.mobileconfig?address=%3Cscript%3E', 400], ['/autoconfig/<x>', 200]])('%s: nothing is put into a file that is no name', async (path, status) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toMatch(/<script>|<x>/);
  });
});

test('who debugs IMAP sees dialogues that begin after he does, and nothing of them is kept', async () => {
  imapDebugger.opened(1);
  const lines = await new Promise<unknown[]>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/control/v1/debug/imap', headers: { host: `127.0.0.1:${port}`, ...control } }, (response) => {
      imapDebugger.opened(2);
      imapDebugger.received(1, Buffer.from('a NOOP\r\n'));
      imapDebugger.received(2, Buffer.from('a LOGIN ana@example.org secret\r\n'));
      imapDebugger.sent(2, Buffer.from('a OK logged in\r\n'));
      imapDebugger.closed(2);
      let text = '';
      response.setEncoding('utf8').on('error', () => {}).on('data', (data: string) => {
        text += data;
        const lines = text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as unknown);
        if (lines.length < 4) return;
        asked.destroy();
        resolve(lines);
      });
    });
    asked.once('error', reject);
    asked.end();
  });
  const atMs = clock.nowMs();
  expect(lines).toEqual([
    { atMs, connection: 2, event: 'opened', text: '' }, { atMs, connection: 2, event: 'client', text: 'a LOGIN ‹15› ‹6›' },
    { atMs, connection: 2, event: 'server', text: 'a OK logged in' }, { atMs, connection: 2, event: 'closed', text: '' },
  ]);
});
