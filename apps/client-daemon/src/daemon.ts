// palomad: everything that sees plaintext, wired together. The listeners run before any account is unlocked.

import { readFileSync } from 'node:fs';
import { systemClock, type AccountId, type MailProgramServer, type MailProgramServers } from '@paloma/shared-model';
import { systemRandom } from '@paloma/crypto/public';
import { createImapServer, type ImapServer, type ImapServerOptions } from '@paloma/imap-server';
import { createJmapHandler, type Access } from '@paloma/jmap-server';
import { AccountLifecycle } from './accounts/account-lifecycle.js';
import { AccountOpener } from './accounts/account-opener.js';
import { AccountRegistry } from './accounts/account-registry.js';
import { MailProgramGateway } from './accounts/mail-program-gateway.js';
import { OwnerSettings } from './accounts/owner-settings.js';
import type { DaemonConfig, ListenerConfig } from './config/daemon-config.js';
import { DaemonError } from './daemon-error.js';
import { ImapDebugger } from './debug/imap-debugger.js';
import { HttpServer } from './http/http-server.js';
import { WebSessions } from './http/web-sessions.js';
import { listenOnEach } from './listen-on-each.js';
import type { Logger } from './log.js';
import { SubmissionServer, type ServerCertificate } from './smtp/submission-server.js';
import { StateDirectory } from './state-directory.js';

const BYTES_PER_MIB = 1024 * 1024;

export interface DaemonPorts extends Record<string, number> {
  imap: number;
  smtp: number;
  http: number;
}

export class Daemon {
  readonly #config: DaemonConfig;
  readonly #state: StateDirectory;
  readonly #registry: AccountRegistry;
  readonly #lifecycle: AccountLifecycle;
  readonly #imap: ImapServer;
  readonly #smtp: SubmissionServer;
  readonly #http: HttpServer;
  #ports: DaemonPorts = { imap: 0, smtp: 0, http: 0 };

  private constructor(config: DaemonConfig, state: StateDirectory, log: Logger) {
    const clock = systemClock;
    const random = systemRandom;
    this.#config = config;
    this.#state = state;
    const authority = config.providerCaFile === undefined ? undefined : readFileSync(config.providerCaFile, 'utf8');
    const opener = new AccountOpener({
      authority, keyDirectoryRoutes: config.keyDirectoryRoutes, clock, random, log,
      ...(config.blobBudgetMiB !== undefined && { blobBudgetBytes: config.blobBudgetMiB * BYTES_PER_MIB }),
    });
    this.#registry = new AccountRegistry(state.accounts, opener, random);
    this.#lifecycle = new AccountLifecycle(this.#registry, clock);
    const gateway = new MailProgramGateway(this.#registry, clock);
    const sessions = new WebSessions(clock, random);
    const imapDebugger = new ImapDebugger(clock);
    this.#imap = createImapServer({ gateway, clock, tap: imapDebugger, ...imapTlsOf(config.imap), logger: { error: (message, cause) => log.error({ err: cause }, message) } });
    this.#smtp = new SubmissionServer(gateway, log, certificateOf(config.smtp));
    this.#http = new HttpServer({
      log, mailProgramServers: () => this.#mailProgramServers(),
      control: {
        registry: this.#registry, lifecycle: this.#lifecycle, sessions, controlToken: state.controlToken(random), version: '0.1.0',
        imapDebugger, ports: () => this.#ports, appUrl: () => this.#http.appUrl,
      },
      jmap: (baseUrl) => createJmapHandler({
        clock, random, baseUrl, reportBug: (error) => log.error({ err: error }, 'jmap'),
        authenticate: async (token) => this.#accessOf(sessions.accountOf(token)),
      }),
    });
  }

  /** @throws {DaemonError} with one sentence; nothing keeps running then */
  static async start(config: DaemonConfig, log: Logger): Promise<Daemon> {
    const state = StateDirectory.open(config.stateDirectory);
    const daemon = new Daemon(config, state, log);
    try {
      await daemon.#listen();
      return daemon;
    } catch (error) {
      await daemon.stop();
      throw error;
    }
  }

  get ports(): DaemonPorts {
    return this.#ports;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#imap.close(), this.#smtp.close(), this.#http.close()]);
    await this.#registry.close();
    this.#state.release();
  }

  async #listen(): Promise<void> {
    const { imap, smtp, http } = this.#config;
    this.#ports = {
      imap: await listening('IMAP', imap.port, () => listenOnEach(imap.bind, imap.port, async (host, port) => (await this.#imap.listen({ host, port })).port)),
      smtp: await listening('SMTP', smtp.port, () => listenOnEach(smtp.bind, smtp.port, (host, port) => this.#smtp.listen(host, port))),
      http: await listening('HTTP', http.port, () => this.#http.listen(http.port)),
    };
    this.#state.noteControlUrl(this.#http.appUrl);
  }

  #mailProgramServers(): MailProgramServers {
    return { imap: serverOf(this.#config.imap, this.#ports.imap), smtp: serverOf(this.#config.smtp, this.#ports.smtp) };
  }

  #accessOf(accountId: AccountId | null): Access | null {
    if (accountId === null || !this.#registry.isOpen(accountId)) return null;
    const { mailStore, submissions, keys, sync, address } = this.#registry.opened(accountId);
    const settings = new OwnerSettings({ accountId, registry: this.#registry, lifecycle: this.#lifecycle, mailProgramServers: this.#mailProgramServers() });
    return { accounts: new Map([[accountId, { mailStore, submissions, keys, sync, settings }]]), username: address };
  }
}

/** @throws {DaemonError} "badConfig" */
function certificateOf({ tls }: ListenerConfig): ServerCertificate | null {
  if (!tls) return null;
  try {
    return { certificate: readFileSync(tls.certificateFile, 'utf8'), key: readFileSync(tls.keyFile, 'utf8') };
  } catch (error) {
    throw new DaemonError('badConfig', `The files of "tls" cannot be read: check ${tls.certificateFile} and ${tls.keyFile}.`, { cause: error });
  }
}

function serverOf({ bind, tls }: ListenerConfig, port: number): MailProgramServer {
  return { host: bind.find((host) => host !== '0.0.0.0' && host !== '::') ?? '127.0.0.1', port, isTls: tls !== undefined };
}

function imapTlsOf(listener: ListenerConfig): Pick<ImapServerOptions, 'tls'> {
  const certificate = certificateOf(listener);
  return certificate ? { tls: { key: certificate.key, cert: certificate.certificate } } : {};
}

async function listening(protocol: string, port: number, listen: () => Promise<number>): Promise<number> {
  try {
    return await listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new DaemonError('portTaken', `Port ${port} for ${protocol} is taken by another program: stop that one, or configure another port.`, { cause: error });
    if (code === 'EACCES') throw new DaemonError('noPermission', `No permission to listen on port ${port} for ${protocol}: configure a port above 1023.`, { cause: error });
    throw error;
  }
}
