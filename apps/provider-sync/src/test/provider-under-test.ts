import 'reflect-metadata';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@paloma/embedded-postgres';
import { manualClock, temporaryDirectory, type ManualClock } from '@paloma/test-kit';
import { Agent } from 'undici';
import type { Configuration } from '../config/configuration.js';
import { Log } from '../logging/log.js';
import { startProvider, type Provider } from '../start-provider.js';
import { TestClient } from './test-client.js';

export const DOMAIN = 'example.org';
export const SERVICE_TOKEN = 's'.repeat(43);

/** Providers over real HTTP on one fresh database, each with both listeners, in this process. */
export class ProviderUnderTest {
  readonly clock: ManualClock = manualClock();
  readonly logLines: string[] = [];
  #database: TestDatabase;
  #agent = new Agent();
  #running: Provider[] = [];

  constructor(private readonly directory: string, private readonly changes: Partial<Configuration>) {}

  get databaseUrl(): string {
    return this.#database.url;
  }

  /** The n-th process, counted from 0. */
  client(process = 0): TestClient {
    const { users, services } = this.#running[process]!.ports;
    return new TestClient(`http://127.0.0.1:${users}`, `http://127.0.0.1:${services}`, this.#agent);
  }

  async start(processes: number): Promise<void> {
    this.#database = await createTestDatabase();
    for (let index = 0; index < processes; index++) this.#running.push(await this.#startOne());
  }

  async stopOne(process: number): Promise<void> {
    const [stopped] = this.#running.splice(process, 1);
    await stopped?.stop();
  }

  async stop(): Promise<void> {
    await this.#agent.destroy();   // a test that failed may have left an event connection open
    await Promise.all(this.#running.map((provider) => provider.stop()));
    await this.#database.drop();
  }

  #startOne(): Promise<Provider> {
    const log = new Log({ write: (line) => void this.logLines.push(line) });
    return startProvider(this.configuration(), { log, clock: this.clock });
  }

  configuration(): Configuration {
    const tokenFile = join(this.directory, 'tokens');
    writeFileSync(tokenFile, `${SERVICE_TOKEN}\n`);
    return {
      domain: DOMAIN, databaseUrl: this.#database.url, blobDirectory: join(this.directory, 'blobs'), stateDirectory: join(this.directory, 'state'),
      reservedNames: {}, registration: 'open', quotaBytes: 2 ** 30,
      users: { bind: '127.0.0.1', port: 0, publicUrl: 'https://mail.example.org' },
      services: { bind: '127.0.0.1', port: 0, tokenFile },
      submission: { host: 'mail.example.org', port: 465 },
      logging: { peerAddressesInTheClear: false },
      ...this.changes,
    };
  }
}

/** A provider for one test file: started before its tests, gone after them. */
export function providerForTests(changes: Partial<Configuration> = {}, processes = 1): ProviderUnderTest {
  const provider = new ProviderUnderTest(mkdtempSync(join(temporaryDirectory(), 'provider-')), changes);
  beforeAll(() => provider.start(processes), 60_000);
  afterAll(() => provider.stop(), 30_000);
  afterAll(() => expect(provider.logLines.filter((line) => line.includes('"bug"'))).toEqual([]));
  return provider;
}
