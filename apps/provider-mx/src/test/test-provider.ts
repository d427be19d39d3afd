// The whole program on port 0 with a database of its own, the services twin and a clock that tests move.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll } from '@jest/globals';
import type { Provider } from '@nestjs/common';
import { createTestDatabase, type TestDatabase } from '@paloma/embedded-postgres';
import { manualClock, seededRandom, temporaryDirectory, type ManualClock } from '@paloma/test-kit';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, MAIL_EXCHANGER_RESOLVER, RANDOM } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import type { MailExchangerResolver } from '../outgoing/mail-exchanger-resolver.js';
import { ProviderMx } from '../provider-mx.js';
import { OutsideHost } from './outside-host.js';
import { ServicesTwin } from './services-twin.js';
import { TestMailbox } from './test-mailbox.js';

/** No test asks the real DNS. */
const NO_DNS: MailExchangerResolver = {
  resolveMailExchangers: async () => ({ kind: 'noSuchDomain' }),
  resolveAddress: async () => 'noAddress',
};

export interface TestProvider {
  readonly providerMx: ProviderMx;
  readonly services: ServicesTwin;
  readonly outside: OutsideHost;
  readonly clock: ManualClock;
  readonly alice: TestMailbox;
  readonly bob: TestMailbox;
  /** All log lines so far. */
  readonly logText: () => string;
  readonly configuration: Configuration;
}

/** Started before the first test of a file and stopped after its last. alice and bob have mailboxes at example.org. */
export function testProvider(overrides: Partial<Configuration> = {}, replaced: readonly Provider[] = []): TestProvider {
  const state = {} as { -readonly [Key in keyof TestProvider]: TestProvider[Key] };
  const directory = temporaryDirectory();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    state.services = await ServicesTwin.start();
    state.outside = await OutsideHost.start();
    state.clock = manualClock();
    state.alice = await addMailbox(state.services, 'alice@example.org');
    state.bob = await addMailbox(state.services, 'bob@example.org');
    const lines: string[] = [];
    state.logText = () => lines.join('');
    state.configuration = { ...testConfiguration(directory, database.url, state.services, state.outside.port), ...overrides };
    state.providerMx = await ProviderMx.start(state.configuration, new Log(collector(lines)), [
      { provide: CLOCK, useValue: state.clock },
      { provide: RANDOM, useValue: seededRandom(directory) },
      { provide: MAIL_EXCHANGER_RESOLVER, useValue: NO_DNS },
      ...replaced,
    ]);
  }, 60_000);
  afterAll(async () => {
    await state.providerMx?.stop();
    await state.services?.stop();
    await state.outside?.stop();
    await database?.drop();
  });
  return state;
}

export function testConfiguration(directory: string, databaseUrl: string, services: ServicesTwin, outsidePort: number): Configuration {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'services.token'), `${services.token}\n`);
  return {
    domain: 'example.org',
    hostname: 'mx.example.org',
    databaseUrl,
    stateDirectory: join(directory, 'state'),
    mx: { bind: '127.0.0.1', port: 0 },
    submission: { bind: '127.0.0.1', port: 0, messagesPerHour: 300, recipientsPerHour: 1500 },
    dns: { servers: [] },
    authentication: { policy: 'apply', trustedPeers: ['127.0.0.0/8'] },
    tlsReports: { send: true },
    limits: { connectionsPerPeer: 120, messagesPerPeer: 600, messagesPerRecipient: 300 },
    services: { url: services.url, tokenFile: join(directory, 'services.token') },
    routes: { 'outside.example': `127.0.0.1:${outsidePort}`, 'unreachable.example': '127.0.0.1:1' },
    maxMessageBytes: 200_000,
    maxBytesInFlight: 1_000_000,
    relay: { attempts: 4, attemptsPerDomain: 2 },
    logging: { peerAddressesInTheClear: false },
    suppression: { afterFailures: 3, forSeconds: 7 * 24 * 3600 },
    retry: { delaysSeconds: [300, 900], giveUpAfterSeconds: 3600, delayNoticeAfterSeconds: 2000, leaseSeconds: 900, pollSeconds: 30 },
  };
}

async function addMailbox(services: ServicesTwin, address: string): Promise<TestMailbox> {
  const mailbox = await TestMailbox.create(address);
  services.addAccount(address, mailbox.certificate);
  return mailbox;
}

function collector(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
}
