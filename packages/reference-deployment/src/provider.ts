// The provider's half: PostgreSQL, provider-sync, provider-mx, with certificates and secrets of their own.
// Directory layout: postgres/ tls/ services.token sync/ mx/ logs/ config/.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { killServerProcess, provideDatabase, type ProvidedDatabase } from '@paloma/embedded-postgres';
import { ensureServerCertificate, type ServerCertificateFiles } from './certificate-authority.js';
import { writeConfigFile } from './config-file.js';
import { freePort } from './free-port.js';
import { ManagedProcess } from './managed-process.js';
import { ensureSecretFile } from './secret-file.js';

export interface ProviderPorts {
  users: number;
  services: number;
  mx: number;
  submission: number;
}

export interface ProviderOptions {
  directory: string;
  domain: string;
  /** Free ports are chosen for those left out. */
  ports?: Partial<ProviderPorts>;
  /** Domain → `host:port`, for the outgoing relay; "*" is a smarthost. */
  routes?: Record<string, string>;
  /** Further members of provider-mx's configuration. */
  mxSettings?: Record<string, unknown>;
  /** Further members of its section `submission`. */
  submissionSettings?: Record<string, unknown>;
  /** Where devices reach the users' API, when something stands before it. */
  publicUrl?: string;
  /** Where devices reach submission, when something stands before it. */
  publicSubmissionPort?: number;
  progress?: (sentence: string) => void;
}

export class Provider {
  readonly domain: string;
  readonly ports: ProviderPorts;
  readonly tls: ServerCertificateFiles;
  sync!: ManagedProcess;
  mx!: ManagedProcess;
  readonly #options: ProviderOptions;
  #database: ProvidedDatabase;

  private constructor(options: ProviderOptions, ports: ProviderPorts, tls: ServerCertificateFiles, database: ProvidedDatabase) {
    this.#options = options;
    this.domain = options.domain;
    this.ports = ports;
    this.tls = tls;
    this.#database = database;
  }

  static async start(options: ProviderOptions): Promise<Provider> {
    const { directory, progress = () => {} } = options;
    mkdirSync(join(directory, 'logs'), { recursive: true, mode: 0o700 });
    await ensureSecretFile(join(directory, 'services.token'));
    const tls = await ensureServerCertificate(join(directory, 'tls'), ['localhost', '127.0.0.1']);
    progress('Starting PostgreSQL');
    const database = await provideDatabase({ directory: join(directory, 'postgres') });
    const provider = new Provider(options, await choosePorts(options.ports ?? {}), tls, database);
    try {
      progress('Starting provider-sync');
      await provider.startSync();
      progress('Starting provider-mx');
      await provider.startMx();
    } catch (error) {
      await provider.stop();
      throw error;
    }
    return provider;
  }

  get publicUrl(): string {
    return this.#options.publicUrl ?? `https://127.0.0.1:${this.ports.users}`;
  }

  get databaseUrl(): string {
    return this.#database.url;
  }

  /** PostgreSQL's first process; null where DATABASE_URL names one that is not ours. */
  get databasePid(): number | null {
    return this.#database.pid;
  }

  /** kill -9 of PostgreSQL, as a crash does it; it is to be ours. */
  killDatabase(): Promise<void> {
    return killServerProcess(this.#database.pid!);
  }

  /** After a kill: the same database at the same port. */
  async startDatabase(): Promise<void> {
    this.#database = await provideDatabase({ directory: join(this.#options.directory, 'postgres'), port: Number(new URL(this.databaseUrl).port) });
  }

  async startSync(): Promise<void> {
    this.sync = await this.#startProgram('provider-sync', this.#syncSettings(this.ports));
  }

  /** A second provider-sync on the same database and the same directories. Whoever starts it stops it. */
  async startFurtherSync(): Promise<{ process: ManagedProcess; url: string; ports: Pick<ProviderPorts, 'users' | 'services'> }> {
    const ports = { users: await freePort(), services: await freePort() };
    const process = await this.#startProgram('provider-sync', this.#syncSettings(ports), `provider-sync-${ports.users}`);
    return { process, url: `https://127.0.0.1:${ports.users}`, ports };
  }

  #syncSettings({ users, services }: Pick<ProviderPorts, 'users' | 'services'>): Record<string, unknown> {
    return {
      domain: this.domain,
      stateDirectory: join(this.#options.directory, 'sync'),
      blobDirectory: join(this.#options.directory, 'sync', 'blobs'),
      registration: 'open',
      users: { bind: '127.0.0.1', port: users, publicUrl: this.publicUrl, tlsCertFile: this.tls.certificateFile, tlsKeyFile: this.tls.keyFile },
      services: { bind: '127.0.0.1', port: services, tokenFile: join(this.#options.directory, 'services.token') },
      submission: { host: '127.0.0.1', port: this.#options.publicSubmissionPort ?? this.ports.submission },
    };
  }

  async startMx(): Promise<void> {
    this.mx = await this.#startProgram('provider-mx', this.#mxSettings(this.ports));
  }

  /** A second provider-mx beside the first, with settings of its own. Whoever starts it stops it. */
  async startFurtherMx(settings: Record<string, unknown>): Promise<{ process: ManagedProcess; ports: Pick<ProviderPorts, 'mx' | 'submission'> }> {
    const ports = { mx: await freePort(), submission: await freePort() };
    const process = await this.#startProgram('provider-mx', { ...this.#mxSettings(ports), ...settings }, `provider-mx-${ports.mx}`);
    return { process, ports };
  }

  #mxSettings({ mx, submission }: Pick<ProviderPorts, 'mx' | 'submission'>): Record<string, unknown> {
    return {
      domain: this.domain,
      hostname: `mx.${this.domain}`,
      stateDirectory: join(this.#options.directory, 'mx'),
      mx: { bind: '127.0.0.1', port: mx, tlsCertFile: this.tls.certificateFile, tlsKeyFile: this.tls.keyFile },
      submission: { bind: '127.0.0.1', port: submission, tlsCertFile: this.tls.certificateFile, tlsKeyFile: this.tls.keyFile, ...this.#options.submissionSettings },
      services: { url: `http://127.0.0.1:${this.ports.services}`, tokenFile: join(this.#options.directory, 'services.token') },
      routes: this.#options.routes ?? {},
      ...this.#options.mxSettings,
    };
  }

  async stop(): Promise<void> {
    await this.mx?.stop();
    await this.sync?.stop();
    await this.#database.stop();
  }

  #startProgram(program: 'provider-sync' | 'provider-mx', config: Record<string, unknown>, name: string = program): Promise<ManagedProcess> {
    const { directory } = this.#options;
    return ManagedProcess.start({
      program,
      title: program,
      configFile: writeConfigFile(join(directory, 'config', `${name}.toml`), config),
      logFile: join(directory, 'logs', `${name}.log`),
      environment: { DATABASE_URL: this.#database.url },
    });
  }
}

async function choosePorts(wanted: Partial<ProviderPorts>): Promise<ProviderPorts> {
  return {
    users: wanted.users ?? await freePort(),
    services: wanted.services ?? await freePort(),
    mx: wanted.mx ?? await freePort(),
    submission: wanted.submission ?? await freePort(),
  };
}
