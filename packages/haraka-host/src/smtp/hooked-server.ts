import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { HookedConnection, type ConnectionServices } from './hooked-connection.js';

/** An SMTP server whose connections pass through the hooks. Plugins look names up themselves. */
export class HookedServer extends SMTPServer {
  readonly #services: ConnectionServices;

  constructor(options: SMTPServerOptions, services: ConnectionServices) {
    super({ logger: false, disableReverseLookup: true, hideENHANCEDSTATUSCODES: false, ...options });
    this.#services = services;
  }

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const connection = new HookedConnection(this, socket, options, this.#services);
    this.connections.add(connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.on('connect', (data) => this._onClientConnect(data));
    connection.init();
  }
}
