// One user's machine: a daemon with its directory. Killed and started again it is the same device.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeConfigFile } from './config-file.js';
import { ControlClient, type NewAccount } from './control-client.js';
import { freePort } from './free-port.js';
import { ManagedProcess } from './managed-process.js';
import { ensureSecretFile } from './secret-file.js';

export interface DevicePorts {
  imap: number;
  smtp: number;
  http: number;
}

export interface DeviceOptions {
  /** For messages: "alice's daemon". */
  title: string;
  directory: string;
  /** PEM file of the authority that signed the provider's certificate. */
  providerAuthorityFile: string;
  /** Domain → origin of its key directory, where it is not where the standard puts it. */
  keyDirectoryRoutes?: Record<string, string>;
  ports?: Partial<DevicePorts>;
}

export class Device {
  /** For messages: "alice's daemon". */
  readonly title: string;
  readonly directory: string;
  readonly ports: DevicePorts;
  process!: ManagedProcess;
  control!: ControlClient;
  readonly #options: DeviceOptions;

  private constructor(options: DeviceOptions, ports: DevicePorts) {
    this.#options = options;
    this.title = options.title;
    this.directory = join(options.directory, 'state');
    this.ports = ports;
  }

  static async start(options: DeviceOptions): Promise<Device> {
    const wanted = options.ports ?? {};
    const device = new Device(options, {
      imap: wanted.imap ?? await freePort(),
      smtp: wanted.smtp ?? await freePort(),
      http: wanted.http ?? await freePort(),
    });
    await device.start();
    return device;
  }

  async start(): Promise<void> {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    this.process = await ManagedProcess.start({
      program: 'client-daemon',
      title: this.#options.title,
      configFile: writeConfigFile(join(this.#options.directory, 'config.toml'), {
        stateDirectory: this.directory,
        providerCaFile: this.#options.providerAuthorityFile,
        keyDirectoryRoutes: this.#options.keyDirectoryRoutes ?? {},
        imap: { bind: '127.0.0.1', port: this.ports.imap },
        smtp: { bind: '127.0.0.1', port: this.ports.smtp },
        http: { port: this.ports.http },
      }),
      logFile: join(this.#options.directory, 'daemon.log'),
    });
    this.control = new ControlClient(this.ports.http, this.directory);
  }

  /** Opens the account on this device: adds it the first time, unlocks it afterwards. */
  async openAccount(account: NewAccount): Promise<string> {
    const known = (await this.control.accounts()).find(({ address }) => address === account.address);
    if (!known) return this.control.addAccount(account);
    if (known.state !== 'open') await this.control.unlock(known.accountId, account.passphrase);
    return known.accountId;
  }

  /** The password that this deployment uses for its own mail programs; made once. */
  async mailAppPassword(accountId: string): Promise<string> {
    const path = join(this.#options.directory, 'mail-app-password');
    return ensureSecretFile(path, () => this.control.createMailAppPassword(accountId, 'reference deployment'));
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
