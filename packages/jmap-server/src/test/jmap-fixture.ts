// A JMAP server on a real port over the memory store, and the few requests that tests make of it.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import { parseAccountId, parseFingerprint, parseMailAddress, parseMailboxId, type AccountId, type EmailId, type SyncStatus } from '@paloma/shared-model';
import { createMemoryAccountSettings, createMemoryKeyReview, createMemoryMailStore, createMemorySubmissionService, type MemoryAccountSettings } from '@paloma/mail-store/memory';
import type { AppendInput, OpenAccount } from '@paloma/mail-store/port';
import { manualClock, seededRandom, type ManualClock } from '@paloma/test-kit';
import { CAPABILITIES } from '../capabilities.js';
import { createJmapHandler, type JmapHandlerOptions } from '../jmap-handler.js';
import type { JsonObject } from '../json.js';
import { evaluatePointer } from '../request/json-pointer.js';

export const TOKEN = 'a-token-of-the-user';
/** Of carol@example.net, whose key changed. */
export const KNOWN_KEY = parseFingerprint('AB'.repeat(20));
export const REFUSED_KEY = parseFingerprint('CD'.repeat(20));
export const PASSPHRASE = 'passphrase of the test user';
export const ACCOUNT_ID = parseAccountId('AccountOfTheTestUser_0');

export interface JmapFixture {
  readonly baseUrl: string;
  readonly account: OpenAccount;
  readonly clock: ManualClock;
  readonly settings: MemoryAccountSettings;
  readonly alarmAnswers: readonly string[];
  /** Errors that nobody expected. */
  readonly bugs: unknown[];
  setSyncStatus(status: Partial<SyncStatus>): void;
  endSession(): void;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Calls methods and gives their responses; `accountId` is put in where it is missing. */
  call(...calls: [name: string, arguments_: JsonObject, callId?: string][]): Promise<[string, JsonObject, string][]>;
  /** Calls one method and gives the arguments of its response. */
  one(name: string, arguments_?: JsonObject): Promise<JsonObject>;
  /** Files a message. */
  file(text: string, input?: Partial<AppendInput>): Promise<EmailId>;
}

export async function jmapFixture(options: Partial<JmapHandlerOptions> = {}): Promise<JmapFixture> {
  const clock = manualClock();
  const mailStore = createMemoryMailStore({ accountId: ACCOUNT_ID, address: parseMailAddress('alice@example.org'), clock, random: seededRandom('store') });
  const recipientStates = new Map([['bob@example.net', 'verified'] as const]);
  const sync = memorySync();
  const keys = createMemoryKeyReview({
    clock,
    keys: [['carol@example.net', [
      { fingerprint: KNOWN_KEY, state: 'known', level: 'providerTrust', source: 'wkd', firstSeenAtMs: clock.nowMs() },
      { fingerprint: REFUSED_KEY, state: 'refused', level: 'providerTrust', source: null, firstSeenAtMs: null },
    ]]],
  });
  const submissions = createMemorySubmissionService({ mailStore, clock, recipientStates, keys });
  const alarmAnswers: string[] = [];
  const settings = createMemoryAccountSettings({
    clock, passphrase: PASSPHRASE, onAlarmAnswered: (answer) => alarmAnswers.push(answer),
    devices: [
      { deviceId: 'laptop', name: 'laptop', createdAtMs: clock.nowMs(), lastSeenAtMs: clock.nowMs(), isCurrent: true },
      { deviceId: 'phone', name: null, createdAtMs: clock.nowMs(), lastSeenAtMs: clock.nowMs(), isCurrent: false },
    ],
  });
  const account: OpenAccount = { mailStore, submissions, keys, sync, settings };
  const sessions = new Map([[TOKEN, { accounts: new Map<AccountId, OpenAccount>([[ACCOUNT_ID, account]]), username: 'alice@example.org' }]]);
  const bugs: unknown[] = [];
  const baseUrl = await serve((baseUrl) => createJmapHandler({
    authenticate: async (token) => sessions.get(token) ?? null,
    clock, random: seededRandom('server'), baseUrl, reportBug: (error) => bugs.push(error), ...options,
  }));
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, baseUrl), { ...init, headers: { Authorization: `Bearer ${TOKEN}`, ...init.headers } });
  const call: JmapFixture['call'] = async (...calls) => {
    const methodCalls = calls.map(([name, arguments_, callId = 'c']) => [name, { accountId: ACCOUNT_ID, ...arguments_ }, callId]);
    const body = JSON.stringify({ using: CAPABILITIES, methodCalls });
    const response = await request('/jmap/api', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    return ((await response.json()) as { methodResponses: [string, JsonObject, string][] }).methodResponses;
  };
  return {
    baseUrl, account, clock, bugs, call, settings, alarmAnswers,
    setSyncStatus: sync.set,
    endSession: () => sessions.clear(),
    fetch: request,
    one: async (name, arguments_ = {}) => (await call([name, arguments_]))[0]?.[1] ?? {},
    file: async (text, input = {}) => {
      const outcome = await mailStore.append({ octets: new TextEncoder().encode(text.replaceAll('\n', '\r\n')), mailboxIds: [parseMailboxId('inbox')], ...input });
      if (!outcome.ok) throw new Error(outcome.refusal);
      return outcome.emailId;
    },
  };
}

/** What a JSON pointer leads to in an answer; undefined where it leads nowhere. */
export function at(answer: unknown, pointer: string): unknown {
  const result = evaluatePointer(answer, pointer);
  return result.found ? result.value : undefined;
}

export function textAt(answer: unknown, pointer: string): string {
  const value = at(answer, pointer);
  if (typeof value !== 'string') throw new Error(`no text at ${pointer} of ${JSON.stringify(answer)}`);
  return value;
}

async function serve(handlerAt: (baseUrl: string) => ReturnType<typeof createJmapHandler>): Promise<string> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const handler = handlerAt(baseUrl);
  server.on('request', (request, response) => {
    void handler(request, response).then((isOurs) => { if (!isOurs) response.writeHead(418).end(); });
  });
  openServers.push(server);
  return baseUrl;
}

const openServers: Server[] = [];
afterEach(async () => {
  for (const server of openServers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
  }
});

function memorySync(): OpenAccount['sync'] & { set(status: Partial<SyncStatus>): void } {
  let status: SyncStatus = { phase: 'idle', pendingUp: 0, pendingDown: 0, lastSyncAtMs: null, error: null, alarm: null };
  const listeners = new Set<(status: SyncStatus) => void>();
  return {
    current: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set(change) {
      status = { ...status, ...change };
      for (const listener of listeners) listener(status);
    },
  };
}
