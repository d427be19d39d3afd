// One provider, users with devices, and an outside, all real processes on real ports.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import { Device, Provider, type ProviderOptions } from '@paloma/reference-deployment';
import { openImap } from './imap-client.js';
import { isNamingSomebody, logLines } from './log-lines.js';
import { StrangersServer } from './outside-world.js';
import { StrangersWebServer } from './strangers-web-server.js';

export const DOMAIN = 'paloma.test';

export interface UserDevice {
  name: string;
  address: string;
  passphrase: string;
  accountId: string;
  device: Device;
  mailAppPassword: string;
}

export class World {
  readonly directory: string;
  readonly outside: StrangersServer;
  provider!: Provider;
  web!: StrangersWebServer;
  readonly #devices: Device[] = [];
  readonly #mailPrograms: ImapFlow[] = [];

  private constructor(directory: string, outside: StrangersServer) {
    this.directory = directory;
    this.outside = outside;
  }

  static async start(options: Partial<ProviderOptions> = {}): Promise<World> {
    const world = new World(mkdtempSync(join(tmpdir(), 'paloma-e2e-')), await StrangersServer.start());
    world.provider = await Provider.start({
      directory: join(world.directory, 'provider'),
      domain: DOMAIN,
      routes: { '*': `127.0.0.1:${world.outside.port}` },
      // A killed relay gives its messages back, and an outage of our own is over, within seconds: tests do not wait for minutes.
      mxSettings: { retry: { delaysSeconds: [1, 2, 5], leaseSeconds: 10, pollSeconds: 1 } },
      // A test sends in minutes what a person does in a week.
      submissionSettings: { messagesPerHour: 100_000, recipientsPerHour: 100_000 },
      ...options,
    });
    world.web = await StrangersWebServer.start(world.provider.tls);
    return world;
  }

  /** Everything that the provider keeps on disk: database, blobs, logs, secrets. */
  get providerDirectory(): string {
    return join(this.directory, 'provider');
  }

  /** A new user with a first device. */
  signUp(name: string): Promise<UserDevice> {
    return this.#openDevice(name, `${name}-1`, 'signUp', `passphrase of ${name}, quite long`);
  }

  /** A further device: nothing but address and passphrase. `providerUrl`: where it finds the provider, when not where the others do. */
  addDevice(user: UserDevice, deviceName: string, providerUrl = this.provider.publicUrl): Promise<UserDevice> {
    return this.#openDevice(user.name, deviceName, 'signIn', user.passphrase, providerUrl);
  }

  /** A further device that has only the recovery code, under a new passphrase. */
  recoverDevice(user: UserDevice, deviceName: string, recoveryCode: string, newPassphrase: string): Promise<UserDevice> {
    return this.#openDevice(user.name, deviceName, 'recover', newPassphrase, this.provider.publicUrl, recoveryCode);
  }

  /** After a crash: the same device, unlocked again. */
  async revive(user: UserDevice): Promise<void> {
    await user.device.start();
    await user.device.control.unlock(user.accountId, user.passphrase);
  }

  /** The device was off for so long: it is started again with its clock that far ahead, and unlocked. */
  async reviveLater(user: UserDevice, byMs: number): Promise<void> {
    await user.device.stop();
    const former = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = `${former ?? ''} --import=data:text/javascript,{const%20now=Date.now;Date.now=()=>now()+${byMs}}`;
    try {
      await this.revive(user);
    } finally {
      if (former === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = former;
    }
  }

  /** A mail program of the user, which ends with this world. */
  async openImap(user: UserDevice): Promise<ImapFlow> {
    const client = await openImap(user);
    this.#mailPrograms.push(client);
    return client;
  }

  /** @throws when a program of ours has crashed, or logged a mail or IP address, whatever the test was about */
  async stop(): Promise<void> {
    const crashed = this.#crashedPrograms();
    await Promise.all(this.#mailPrograms.map((client) => client.logout()));
    await Promise.all(this.#devices.map((device) => device.stop()));
    await this.provider.stop();
    await this.web.close();
    await this.outside.close();
    const lines = logLines(this.directory);
    const naming = lines.filter(isNamingSomebody);
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
    if (crashed.length > 0) throw new Error(`crashed: ${crashed.join(', ')}; what the logs hold beside JSON lines:\n${lines.filter((line) => !line.startsWith('{')).join('\n')}`);
    if (naming.length > 0) throw new Error(`the logs name somebody:\n${naming.join('\n')}`);
  }

  #crashedPrograms(): string[] {
    const programs = { 'provider-sync': this.provider.sync, 'provider-mx': this.provider.mx, ...Object.fromEntries(this.#devices.map(({ title, process }) => [title, process])) };
    return Object.entries(programs).filter(([, { hasCrashed }]) => hasCrashed).map(([title]) => title);
  }

  async #openDevice(name: string, deviceName: string, mode: 'signUp' | 'signIn' | 'recover', passphrase: string, providerUrl = this.provider.publicUrl, recoveryCode?: string): Promise<UserDevice> {
    const directory = join(this.directory, deviceName);
    mkdirSync(directory, { recursive: true });
    const device = await Device.start({
      title: `${deviceName}'s daemon`, directory, providerAuthorityFile: this.provider.tls.authorityFile, keyDirectoryRoutes: this.web.routesFor('example.org'),
    });
    this.#devices.push(device);
    const address = `${name}@${DOMAIN}`;
    const accountId = await device.openAccount({ mode, providerUrl, address, passphrase, deviceName, name, ...(recoveryCode !== undefined && { recoveryCode }) });
    return { name, address, passphrase, accountId, device, mailAppPassword: await device.mailAppPassword(accountId) };
  }
}
