// Mail that an MTA in front has accepted, RFC 2033: each recipient has a reply of his own after DATA, so that mail for one is not held
// up by another. Who sent it has been examined there; nobody else may reach this listener.

import { Inject, Injectable } from '@nestjs/common';
import type { SMTPServerAddress, SMTPServerDataResult, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { MAX_RECIPIENTS } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import { Reception, type Examination, type Outcome } from '../incoming/reception.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import { answer, replyError, SmtpListener } from '../smtp/smtp-listener.js';
import { SmtpRefusal } from '../smtp/smtp-reply.js';

const EXAMINED_IN_FRONT: Examination = { authenticationResults: null, isExamined: true };

@Injectable()
export class LmtpListener {
  readonly #listener: SmtpListener;
  /** Addresses of RCPT commands that were accepted, in lower case, repeated ones too. */
  readonly #commands = new WeakMap<SMTPServerSession, string[]>();

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration, private readonly reception: Reception, private readonly log: Log) {
    this.#listener = new SmtpListener({
      lmtp: true,
      name: configuration.hostname,
      banner: 'Paloma',
      size: configuration.maxMessageBytes,
      maxRecipients: MAX_RECIPIENTS,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onMailFrom: (_address, session, callback) => {
        reception.begin(session);
        this.#commands.set(session, []);
        callback();
      },
      onRcptTo: (address, session, callback) => void answer(this.#checkRecipient(address, session), callback, log),
      onData: (stream, session, callback) => void answer(this.#receive(stream, session), callback, log),
    }, log);
  }

  /** Null where none is configured, or on a Unix socket. @throws {StartError} "portTaken" */
  async open(): Promise<number | null> {
    return this.configuration.lmtp === undefined ? null : this.#listener.open(this.configuration.lmtp);
  }

  close(): Promise<void> {
    return this.#listener.shut();
  }

  async #checkRecipient(address: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    await this.reception.checkRecipient(address, session);
    this.#commands.get(session)?.push(address.address.toLowerCase());
  }

  /** RFC 2033 §4.2: a reply for each RCPT that was accepted, in their order. */
  async #receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<SMTPServerDataResult[]> {
    const commands = this.#commands.get(session) ?? [];
    try {
      const outcome = await this.reception.receive(stream, session, async () => EXAMINED_IN_FRONT);
      return commands.map((address) => this.#replyTo(address, outcome));
    } catch (error) {
      const reply = replyError(error, this.log);
      return commands.map(() => reply);
    }
  }

  #replyTo(address: string, outcome: Outcome): SMTPServerDataResult {
    const result = outcome.get(address) ?? 'temporaryFailure';
    return result === 'delivered' ? result : replyError(new SmtpRefusal(result), this.log);
  }
}
