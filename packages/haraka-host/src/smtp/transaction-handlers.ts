// A mail transaction: the plugins first, then the handlers of the program's own.

import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Deliver } from '../session/message-step.js';
import type { Outcome } from '../session/outcome.js';
import type { Session } from '../session/session.js';
import type { ConnectionServices } from './connection-services.js';
import { outcomeOfCallback, parametersOf } from './handler-callback.js';
import { messageStream } from './message-stream.js';

export class TransactionHandlers {
  constructor(private readonly server: SMTPServer, private readonly session: Session, private readonly services: ConnectionServices) {}

  async mail(address: SMTPServerAddress, smtpSession: SMTPServerSession): Promise<Outcome> {
    const outcome = await this.session.mail(address.address, parametersOf(address));
    if (outcome.kind !== 'accepted') return outcome;
    const own = await outcomeOfCallback((callback) => this.server.onMailFrom(address, smtpSession, callback));
    if (own.kind === 'accepted') return outcome;
    await this.session.endTransaction();
    return own;
  }

  rcpt(address: SMTPServerAddress, smtpSession: SMTPServerSession): Promise<Outcome> {
    const confirm = (): Promise<Outcome> => outcomeOfCallback((callback) => this.server.onRcptTo(address, smtpSession, callback));
    return this.session.rcpt(address.address, parametersOf(address), this.#has('onRcptTo') ? confirm : null);
  }

  receive(stream: SMTPServerDataStream, smtpSession: SMTPServerSession): Promise<Outcome> {
    const deliver: Deliver = (message) => outcomeOfCallback((done) => this.server.onData(messageStream(message), smtpSession, done));
    return this.services.receive(this.session, stream, this.#has('onData') ? deliver : null);
  }

  #has(handler: 'onRcptTo' | 'onData'): boolean {
    return this.server[handler] !== SMTPServer.prototype[handler];
  }
}
