import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { SMTPServer, SMTPServerOptions } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';

import haraka from 'haraka-config';
import tld from 'haraka-tld';
import { Connection, type Wire } from './connection/connection.js';
import { HarakaHostError } from './haraka-host-error.js';
import type { HarakaHostOptions } from './haraka-host-options.js';
import { HookRunner } from './hooks/hook-runner.js';
import { CONT, OK, textOf } from './hooks/next-code.js';
import { RegisteredHooks } from './hooks/registered-hooks.js';
import { HostLog } from './logging/host-log.js';
import { PluginLog, parseLevel } from './logging/plugin-log.js';
import { routeEmailLibraryLog } from './message/email-library.js';
import { provideGlobals } from './plugins/compile-plugin.js';
import { watchStrayRejections } from './plugins/stray-rejections.js';
import { PluginSet } from './plugins/plugin-set.js';
import { newServerObject, type ServerObject } from './server-object.js';
import { MessageStep, type Deliver, type IncomingData, type MemoryBudget } from './session/message-step.js';
import type { Outcome } from './session/outcome.js';
import { Session } from './session/session.js';
import type { ConnectionServices } from './smtp/connection-services.js';
import { HookedConnection } from './smtp/hooked-connection.js';
import { HookedServer } from './smtp/hooked-server.js';
import { PluginPages, type PageSettings } from './web/plugin-pages.js';

/** A plugin that never answers `disconnect` must not keep the program from ending. */
const FAREWELL_TIMEOUT_MS = 5_000;
const NO_BUDGET: MemoryBudget = { tryTake: () => true, giveBack: () => undefined };

/** Plugins that run on the connections of an SMTP server. Made by `startHarakaHost`. */
export class HarakaHost {
  readonly #hooks = new RegisteredHooks();
  readonly #log: HostLog;
  readonly #pluginLog: PluginLog;
  readonly #runner: HookRunner;
  readonly #server: ServerObject;
  readonly #plugins: PluginSet;
  readonly #budget: MemoryBudget;
  /** Sessions whose plugins have not yet heard of the end. */
  readonly #open = new Map<Session, PromiseWithResolvers<void>>();
  readonly #services: ConnectionServices;
  #pages: PluginPages | null = null;

  private constructor(private readonly options: HarakaHostOptions) {
    const { directory, furtherDirectories = [], events = {}, server = {} } = options;
    const config = haraka.module_config(directory, directory);
    this.#log = new HostLog(events);
    this.#pluginLog = new PluginLog(this.#hooks, events, parseLevel(config.get('loglevel')));
    this.#runner = new HookRunner(this.#hooks, this.#log);
    this.#server = newServerObject(this.#pluginLog, server);
    this.#plugins = new PluginSet({ directory, furtherDirectories }, this.#server, config, { hooks: this.#hooks, log: this.#pluginLog });
    this.#budget = options.budget ?? NO_BUDGET;
    routeEmailLibraryLog(this.#pluginLog);
    this.#services = {
      openSession: (connection) => this.#openSession(connection),
      receive: (session, data, deliver) => this.#receive(session, data, deliver),
      sessionBegins: (session) => void this.#open.set(session, Promise.withResolvers<void>()),
      sayFarewell: (session) => this.#sayFarewell(session),
      reportFailure: ({ connection }, error) => this.#log.failure('sessionFailed', 'host', connection.hook ?? '', error),
    };
  }

  /** @throws {HarakaHostError} "pluginNotFound", "pluginBroken", "pluginRefusedStart", "pagesUnavailable" */
  static async start(options: HarakaHostOptions): Promise<HarakaHost> {
    pointLibrariesAt(options.directory);
    watchStrayRejections((error) => options.events?.onFailure?.('strayRejection', 'unknown', '', error));
    const host = new HarakaHost(options);
    provideGlobals(host.#server);
    try {
      await tld.ready;   // a plugin that asked it before would take every name for one without a valid ending
      await host.#plugins.addAll(options.plugins ?? listedPlugins(options.directory));
      await host.#runInitHook('init_master');
      await host.#openPages();
    } catch (error) {
      await host.close();
      throw error;
    }
    return host;
  }

  /** Short names of the plugins that run, in the order of their list. */
  get plugins(): readonly string[] {
    return this.#plugins.names;
  }

  /** Where `config/http.ini` has the web pages of plugins; `null`: nowhere, or on a socket of the file system. */
  get pagesPort(): number | null {
    return this.#pages?.port ?? null;
  }

  /** An SMTP server on which they run. The handlers among `options` are asked after the plugins; see the README. */
  createServer(options: SMTPServerOptions): SMTPServer {
    return new HookedServer(options, this.#services);
  }

  /** For an SMTP server of the program's own: what its `connect` makes instead of smtp-server's connection. */
  newConnection(server: SMTPServer, socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): HookedConnection {
    return new HookedConnection(server, socket, options, this.#services);
  }

  /** Call after the servers are closed: waits a while for the last `disconnect` hooks, then the plugins let go of what they hold. */
  async close(): Promise<void> {
    const farewells = Promise.all([...this.#open.values()].map(({ promise }) => promise));
    await Promise.race([farewells, setTimeout(FAREWELL_TIMEOUT_MS, undefined, { ref: false })]);
    this.#pages?.close();
    this.#plugins.shutDown((plugin, error) => this.#log.failure('pluginFailed', plugin, 'shutdown', error));
    haraka.module_config(this.options.directory, this.options.directory).stop_watching('loglevel');   // and all files beside it
    this.options.onClosed?.();
  }

  async #runInitHook(hook: string): Promise<void> {
    const { code, message } = await this.#runner.runForHost(hook, this.#server);
    if (code !== CONT && code !== OK) throw new HarakaHostError('pluginRefusedStart', `${hook}: ${message === undefined ? 'refused' : String(textOf(message))}`);
  }

  async #openPages(): Promise<void> {
    const { directory, furtherDirectories = [] } = this.options;
    const settings = (haraka.module_config(directory, directory).get('http.ini') as { main: Partial<PageSettings> }).main;
    if (!hasListener(settings)) return;
    this.#pages = new PluginPages(settings, [directory, ...furtherDirectories]);
    this.#server['http'] = this.#pages.member;
    for (const hook of ['init_http', 'init_wss']) await this.#runInitHook(hook);
    await this.#pages.listen();
  }

  #openSession(smtp: HookedConnection): Session {
    smtp.id = smtp.session.id = randomUUID().toUpperCase();   // plugins expect ids of Haraka's form: watch sees no others
    const wire: Wire = {
      get socket() {
        return smtp._socket;
      },
      respond: (code, message) => smtp.send(code, textOf(message), false),
      close: () => smtp.close(),
      pause: () => smtp._socket.pause(),
      resume: () => smtp._socket.resume(),
    };
    const endpoints = {
      id: smtp.id,
      remote: { ip: smtp.remoteAddress, port: smtp.remotePort },
      local: { ip: smtp.localAddress, port: smtp.localPort, host: smtp.name },
      isTls: smtp.secure,
    };
    return new Session(new Connection(endpoints, this.#server, wire, this.#pluginLog), this.#runner);
  }

  async #receive({ connection }: Session, data: IncomingData, deliver: Deliver | null): Promise<Outcome> {
    const { transaction } = connection;
    if (transaction === null) throw new Error('DATA without a transaction');
    return new MessageStep(connection, transaction, this.#runner, this.#budget).run(data, deliver);
  }

  #sayFarewell(session: Session): void {
    void session.disconnect()
      .catch((error: unknown) => this.#services.reportFailure(session, error))
      .finally(() => {
        this.#open.get(session)?.resolve();
        this.#open.delete(session);
      });
  }
}

/** Haraka's libraries read settings of their own, such as `results.ini`, from where this says. */
function pointLibrariesAt(directory: string): void {
  haraka.root_path = join(directory, 'config');
  delete haraka.overrides_path;
}

function hasListener(settings: Partial<PageSettings>): settings is PageSettings {
  return settings.listen !== undefined;
}

/** `config/plugins`, one name in each line. */
function listedPlugins(directory: string): string[] {
  return haraka.module_config(directory, directory).get('plugins', 'list') as string[];
}
