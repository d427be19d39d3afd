// Mail from outside, RFC 5321. `250` after DATA means that every recipient's copy is durable. When some copies are and
// some are not, the whole is put off: the sender repeats it, and item ids make the copies that are there stay single.

import { Inject, Injectable } from '@nestjs/common';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { MAX_RECIPIENTS } from '@paloma/shared-model';
import { SenderAuthentication, type Sender } from '../authentication/sender-authentication.js';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import { MxPlugins } from '../plugins/mx-plugins.js';
import { loadListenerTls } from '../smtp/listener-tls.js';
import { heloName, peerAddress } from '../smtp/received-field.js';
import { answer, SmtpListener } from '../smtp/smtp-listener.js';
import { SmtpRefusal } from '../smtp/smtp-reply.js';
import type { DeliveryResult } from './incoming-delivery.js';
import { Reception, reversePathOf } from './reception.js';
import { TrafficLimits } from './traffic-limits.js';

@Injectable()
export class MxListener {
  readonly #listener: SmtpListener;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly authentication: SenderAuthentication,
    private readonly reception: Reception,
    private readonly limits: TrafficLimits,
    private readonly plugins: MxPlugins,
    log: Log,
  ) {
    const tls = loadListenerTls(configuration.mx);
    this.#listener = new SmtpListener({
      name: configuration.hostname,
      banner: 'Paloma',
      size: configuration.maxMessageBytes,
      maxRecipients: MAX_RECIPIENTS,
      authOptional: true,
      disabledCommands: tls === null ? ['AUTH', 'STARTTLS'] : ['AUTH'],
      ...tls,
      onConnect: (session, callback) => void answer(this.#admit(session), callback, log, reception.about(session)),
      onMailFrom: (_address, session, callback) => void answer(this.#begin(session), callback, log, reception.about(session)),
      onRcptTo: (address, session, callback) => void answer(this.#checkRecipient(address, session), callback, log, reception.about(session)),
      onData: (stream, session, callback) => void answer(this.#receive(stream, session), callback, log, reception.about(session)),
    }, log);
  }

  /** @throws {StartError} "portTaken"; "badConfiguration" for a plugin that cannot run */
  async open(): Promise<number | null> {
    this.#listener.plugins = await this.plugins.start();
    return this.#listener.open(this.configuration.mx);
  }

  async close(): Promise<void> {
    await this.#listener.shut();
    await this.plugins.stop();
  }

  async #admit(session: SMTPServerSession): Promise<void> {
    this.limits.countConnection(session);
  }

  async #begin(session: SMTPServerSession): Promise<void> {
    this.limits.countMessage(session);
    this.reception.begin(session);
  }

  async #checkRecipient(address: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    await this.reception.checkRecipient(address, session);
    this.limits.countCopy(address.address.toLowerCase(), session);
  }

  async #receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const outcome = await this.reception.receive(stream, session, async (dataOctets) => (
      { authenticationResults: await this.authentication.examine(dataOctets, senderOf(session)), isExamined: false }));
    refuseUnlessAllDelivered([...outcome.values()]);
    return 'delivered';
  }
}

function senderOf(session: SMTPServerSession): Sender {
  return { address: peerAddress(session), helo: heloName(session), reversePath: reversePathOf(session) };
}

/** One answer for all recipients: theirs where they agree, else a temporary one. */
function refuseUnlessAllDelivered(results: readonly DeliveryResult[]): void {
  const [first] = results;
  if (first !== undefined && results.every((result) => result === first)) {
    if (first === 'delivered') return;
    throw new SmtpRefusal(first);
  }
  throw new SmtpRefusal('temporaryFailure');
}
