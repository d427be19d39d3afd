// The web pages of plugins, such as watch: with `listen` in `config/http.ini` plugins find an express app and a web socket server in
// `server.http`, as in Haraka. express and ws are the operator's, installed beside the plugins; without plugins that have pages
// nobody needs them.

import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import netUtils from 'haraka-net-utils';
import { HarakaHostError } from '../haraka-host-error.js';

const DEFAULT_PORT = 80;

type Listener = Parameters<typeof createServer>[1] & object;
interface Express {
  (): Listener & { use(handler: unknown): void };
  static(directory: string): unknown;
}
interface WebSockets {
  WebSocketServer: new (options: { server: Server }) => { on(event: 'error', listener: () => void): void; close(): void; clients: Iterable<{ terminate(): void }> };
}

export interface PageSettings {
  /** `address:port`, or the path of a socket. */
  listen: string;
  /** Served where no plugin has a page. */
  docroot?: string;
}

export class PluginPages {
  readonly #server: Server;
  readonly #express: Express;
  readonly #app: ReturnType<Express>;
  readonly #sockets: InstanceType<WebSockets['WebSocketServer']>;

  /** `directories`: where express and ws are looked for. @throws {HarakaHostError} "pagesUnavailable" */
  constructor(private readonly settings: PageSettings, directories: readonly string[]) {
    this.#express = requireFrom(directories, 'express') as Express;
    this.#app = this.#express();
    this.#server = createServer(this.#app);
    this.#sockets = new (requireFrom(directories, 'ws') as WebSockets).WebSocketServer({ server: this.#server });
    this.#sockets.on('error', () => undefined);   // those of the server once more; `listen` hears of them
  }

  /** What plugins find at `server.http`. */
  get member(): object {
    return { cfg: this.settings, express: this.#express, app: this.#app, server: this.#server, wss: this.#sockets };
  }

  /** Once the plugins have put their pages in. @throws {HarakaHostError} "pagesUnavailable" */
  async listen(): Promise<void> {
    const { listen, docroot } = this.settings;
    if (docroot !== undefined) this.#app.use(this.#express.static(docroot));
    const endpoint = netUtils.endpoint(listen, DEFAULT_PORT);
    try {
      if (endpoint instanceof Error) throw endpoint;
      await endpoint.bind(this.#server);
    } catch (cause) {
      throw new HarakaHostError('pagesUnavailable', `cannot listen on "${listen}" of http.ini`, { cause });
    }
  }

  /** `null` on a socket of the file system. */
  get port(): number | null {
    return (this.#server.address() as AddressInfo | null)?.port ?? null;
  }

  close(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function requireFrom(directories: readonly string[], name: string): unknown {
  for (const directory of directories) {
    const requireThere = createRequire(join(directory, 'package.json'));
    try {
      return requireThere(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new HarakaHostError('pagesUnavailable', `http.ini asks for pages, and there is no "${name}" beside the plugins`);
}
