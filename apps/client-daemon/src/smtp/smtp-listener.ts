// smtp-server (3.21) derives the enhanced status code (RFC 2034) from the reply code alone, which would call every 550 an unknown
// mailbox; a text that begins with a code of its own is sent as it stands.

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { SmtpReply } from './smtp-reply.js';

const ENHANCED_STATUS = /^[245]\.\d{1,3}\.\d{1,3} /;

class ReplyingConnection extends SMTPConnection {
  override send(code: number, data?: string | string[], context?: string | false): void {
    const hasOwnStatus = typeof data === 'string' && ENHANCED_STATUS.test(data);
    super.send(code, data, hasOwnStatus ? false : context);
  }
}

export class SmtpListener extends SMTPServer {
  override connect(socket: Socket | TLSSocket, socketOptions?: SMTPConnectionOptions | null): void {
    const connection = new ReplyingConnection(this, socket, socketOptions);
    this.connections.add(connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.on('connect', (data) => this._onClientConnect(data));
    connection.init();
  }

  /** Ends the connection of a session, saying why. */
  dismiss(session: SMTPServerSession, { code, text }: SmtpReply): void {
    for (const connection of this.connections) {
      if (connection.session !== session) continue;
      connection.send(code, text);
      connection.close();
    }
  }
}
