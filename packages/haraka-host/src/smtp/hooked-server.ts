import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SMTPServerOptions } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { SmtpListener } from '@paloma/smtp-listener';
import type { ConnectionServices } from './connection-services.js';
import { HookedConnection } from './hooked-connection.js';

/** An SMTP server whose connections pass through the hooks. Plugins look names up themselves. */
export class HookedServer extends SmtpListener {
  readonly #services: ConnectionServices;

  constructor(options: SMTPServerOptions, services: ConnectionServices) {
    super(options);
    this.#services = services;
  }

  protected override newConnection(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): HookedConnection {
    return new HookedConnection(this, socket, options, this.#services);
  }
}
