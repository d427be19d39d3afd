// A daemon for the development and the tests of the web UA: its files under exactly the policies of production, sign-in,
// and the real JMAP server over the memory store. Nothing is kept.

import { createJmapHandler } from '@paloma/jmap-server';
import { createMemoryAccountSettings, createMemoryKeyReview, createMemoryMailStore, createMemorySubmissionService, type MemoryAccountSettings, type MemoryKeyReview } from '@paloma/mail-store/memory';
import type { AccountDevice, MailStore, OpenAccount, RecipientState } from '@paloma/mail-store/port';
import { NOT_PROTECTED, parseAccountId, parseMailAddress, parseMailboxId, systemClock, type SyncStatus } from '@paloma/shared-model';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { appDirectory, viewDirectory } from '../directory.mjs';
import { writeMime } from './mime.ts';
import { OWNER, SAMPLE_KEYS, type SampleMail } from './sample-mail.ts';

export interface DevServer {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  origin: string;
  account: OpenAccount;
  keys: MemoryKeyReview;
  settings: MemoryAccountSettings;
  /** Errors of the JMAP server that nobody expected. */
  bugs: unknown[];
  /** A one-time ticket for the fragment of the URL. */
  newTicket(): string;
  file(mail: SampleMail): Promise<void>;
  setSyncStatus(status: Partial<SyncStatus>): void;
  endSessions(): void;
  close(): Promise<void>;
}

export const PASSPHRASE = 'correct horse battery staple';
const ACCOUNT_ID = parseAccountId('AccountOfTheTestUser_0');
const HOUR_MS = 3_600_000;
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

/** Of those whose keys are not among the sample keys. */
const RECIPIENTS = new Map<string, RecipientState>([['mae@example.net', 'verified'], ['hugo@example.net', 'lookupFailed']]);

export async function startDevServer({ mails = [], port = 0 }: { mails?: readonly SampleMail[]; port?: number } = {}): Promise<DevServer> {
  const mailStore = createMemoryMailStore({ accountId: ACCOUNT_ID, address: parseMailAddress(OWNER), clock: systemClock });
  const keys = createMemoryKeyReview({ clock: systemClock, keys: SAMPLE_KEYS });
  const submissions = createMemorySubmissionService({ mailStore, clock: systemClock, recipientStates: RECIPIENTS, keys });
  const [identity] = await submissions.identities();
  if (identity) await submissions.updateIdentity(identity.identityId, { name: 'Ana Duarte' });
  const sync = memorySync();
  const settings = createMemoryAccountSettings({
    clock: systemClock, passphrase: PASSPHRASE, devices: sampleDevices(),
    onAlarmAnswered: () => sync.set({ phase: 'idle', alarm: null }),
  });
  const account: OpenAccount = { mailStore, submissions, keys, sync, settings };
  for (const mail of mails) await fileMail(mailStore, mail);

  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  const boundPort = (server.address() as AddressInfo).port;
  const origin = `http://127.0.0.1:${boundPort}`;
  const bugs: unknown[] = [];
  const tickets = new Set<string>();
  const tokens = new Set<string>();
  const access = { accounts: new Map([[ACCOUNT_ID, account]]), username: OWNER };
  const jmap = createJmapHandler({
    authenticate: async (token) => (tokens.has(token) ? access : null),
    clock: systemClock, random: { bytes: randomBytes }, baseUrl: origin, reportBug: (error) => bugs.push(error),
  });
  const app = await appPolicy(boundPort);
  const view = await viewPolicy(origin);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', origin).pathname;
    response.setHeader('X-Content-Type-Options', 'nosniff').setHeader('Referrer-Policy', 'no-referrer').setHeader('X-DNS-Prefetch-Control', 'off');
    if (request.headers.host === `localhost:${boundPort}`) {
      if (path !== '/view/') return void response.writeHead(404).end();
      return sendFile(response, viewDirectory, 'index.html', view);
    }
    if (path.startsWith('/auth/')) return authenticate(request, response, path, tickets, tokens);
    if (!await jmap(request, response)) await sendFile(response, appDirectory, path === '/' ? 'index.html' : path, app);
  };
  server.on('request', (request, response) => { answer(request, response).catch((error: unknown) => { bugs.push(error); response.destroy(); }); });

  return {
    origin, account, keys, settings, bugs,
    newTicket: () => { const ticket = randomBytes(16).toString('hex'); tickets.add(ticket); return ticket; },
    file: (mail) => fileMail(mailStore, mail),
    setSyncStatus: sync.set,
    endSessions: () => tokens.clear(),
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

function sampleDevices(): AccountDevice[] {
  const nowMs = Date.now();
  return [
    { deviceId: 'laptop', name: 'Ana’s laptop', createdAtMs: nowMs - 400 * 24 * HOUR_MS, lastSeenAtMs: nowMs, isCurrent: true },
    { deviceId: 'phone', name: 'Old phone', createdAtMs: nowMs - 900 * 24 * HOUR_MS, lastSeenAtMs: nowMs - 80 * 24 * HOUR_MS, isCurrent: false },
    { deviceId: 'new', name: null, createdAtMs: nowMs - HOUR_MS, lastSeenAtMs: nowMs - HOUR_MS, isCurrent: false },
  ];
}

async function appPolicy(port: number): Promise<string> {
  return [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:", "connect-src 'self'", `frame-src http://localhost:${port}`, "font-src 'self'",
    "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].join('; ');
}

async function viewPolicy(appOrigin: string): Promise<string> {
  const { scriptSha256 } = JSON.parse(await readFile(join(viewDirectory, 'shell.json'), 'utf8')) as { scriptSha256: string };
  return [
    'sandbox allow-scripts', "default-src 'none'", `script-src '${scriptSha256}'`, "style-src 'unsafe-inline'", 'img-src data:',
    "form-action 'none'", "base-uri 'none'", `frame-ancestors ${appOrigin}`,
  ].join('; ');
}

async function sendFile(response: ServerResponse, directory: string, path: string, policy: string): Promise<void> {
  const file = join(directory, normalize(path));
  const octets = file.startsWith(directory) ? await readFile(file).catch(() => null) : null;
  if (!octets) return void response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' }).end(octets);
}

async function authenticate(request: IncomingMessage, response: ServerResponse, path: string, tickets: Set<string>, tokens: Set<string>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.method === 'DELETE') {
    tokens.delete(request.headers.authorization?.replace('Bearer ', '') ?? '');
    return void response.writeHead(204).end();
  }
  const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { ticket?: string; address?: string; passphrase?: string };
  const isRight = path === '/auth/ticket' ? tickets.delete(body.ticket ?? '') : body.address === OWNER && body.passphrase === PASSPHRASE;
  if (!isRight) return void response.writeHead(401).end();
  const token = randomBytes(24).toString('base64url');
  tokens.add(token);
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ token, accountId: ACCOUNT_ID }));
}

async function fileMail(mailStore: MailStore, mail: SampleMail): Promise<void> {
  const receivedAtMs = Date.now() - mail.hoursAgo * HOUR_MS;
  const octets = writeMime({ to: `Ana Duarte <${OWNER}>`, ...mail, dateMs: receivedAtMs });
  const outcome = await mailStore.append({
    octets, receivedAtMs, mailboxIds: [parseMailboxId(mail.mailbox ?? 'inbox')], keywords: mail.keywords ?? [], security: { ...NOT_PROTECTED, ...mail.security },
  });
  if (!outcome.ok) throw new Error(outcome.refusal);
}

function memorySync(): OpenAccount['sync'] & { set(status: Partial<SyncStatus>): void } {
  let status: SyncStatus = { phase: 'idle', pendingUp: 0, pendingDown: 0, lastSyncAtMs: Date.now() - 90_000, error: null, alarm: null };
  const listeners = new Set<(status: SyncStatus) => void>();
  return {
    current: () => status,
    subscribe: (listener) => { listeners.add(listener); return () => void listeners.delete(listener); },
    set: (change) => {
      status = { ...status, ...change };
      for (const listener of listeners) listener(status);
    },
  };
}
