import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SMTPConnection, SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { ChunkingConnection } from './chunking/chunking-connection.js';

/** An SMTP server that offers CHUNKING and says what its handlers say, enhanced status code included. It logs nothing and asks no DNS. */
export class SmtpListener extends SMTPServer {
  constructor(options: SMTPServerOptions) {
    super({ logger: false, disableReverseLookup: true, hideENHANCEDSTATUSCODES: false, ...options });
  }

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    // Replies to commands of one packet (RFC 2920) are one small write each: Nagle's algorithm would keep the second back until the peer
    // acknowledges the first, which it puts off by up to 40 ms.
    socket.setNoDelay(true);
    const connection = this.newConnection(socket, options);
    this.connections.add(connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.on('connect', (data) => this._onClientConnect(data));
    connection.init();
  }

  protected newConnection(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): SMTPConnection {
    return new ChunkingConnection(this, socket, options);
  }
}
