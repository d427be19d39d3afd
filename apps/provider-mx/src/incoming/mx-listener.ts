// Mail from outside, RFC 5321. `250` after DATA means that every recipient's copy is durable. When some copies are and
// some are not, the whole is put off: the sender repeats it, and item ids make the copies that are there stay single.

import { Inject, Injectable } from '@nestjs/common';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { receivedSha256 } from '@paloma/haraka-host';
import { fieldsNamed, parseHeaderBlock } from '@paloma/mail-format';
import { domainOf, MAX_RECIPIENTS, parseMailAddress, type Clock, type MailAddress } from '@paloma/shared-model';
import { SenderAuthentication, type Sender } from '../authentication/sender-authentication.js';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION } from '../injection-tokens.js';
import { Log } from '../logging/log.js';
import type { Recipient } from '../services-api/services-api.js';
import { MxPlugins } from '../plugins/mx-plugins.js';
import { ByteBudget } from '../smtp/byte-budget.js';
import { withData } from '../smtp/collect-data.js';
import { loadListenerTls } from '../smtp/listener-tls.js';
import { heloName, peerAddress, receivedFromOutside } from '../smtp/received-field.js';
import { answer, SmtpListener } from '../smtp/smtp-listener.js';
import { SmtpRefusal } from '../smtp/smtp-reply.js';
import { IncomingDelivery, type DeliveryResult, type IncomingMessage } from './incoming-delivery.js';

/** RFC 5321 §6.3: loops are seen by counting Received fields; at least 100 is its advice for strangers, real paths stay under 20. */
export const MAX_HOPS = 50;

interface AcceptedRecipient {
  forwardPath: MailAddress;
  recipient: Recipient;
}

@Injectable()
export class MxListener {
  readonly #listener: SmtpListener;
  /** What RCPT found out, by the address as smtp-server keeps it. */
  readonly #accepted = new WeakMap<SMTPServerSession, Map<string, AcceptedRecipient>>();

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly authentication: SenderAuthentication,
    private readonly incoming: IncomingDelivery,
    private readonly budget: ByteBudget,
    private readonly plugins: MxPlugins,
    private readonly log: Log,
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
      onMailFrom: (_address, session, callback) => {
        this.#accepted.set(session, new Map());
        callback();
      },
      onRcptTo: (address, session, callback) => void answer(this.#checkRecipient(address, session), callback, log),
      onData: (stream, session, callback) => void answer(this.#receive(stream, session), callback, log),
    }, log);
  }

  /** @throws {StartError} "portTaken"; "badConfiguration" for a plugin that cannot run */
  async open(): Promise<number> {
    this.#listener.plugins = await this.plugins.start();
    return this.#listener.open(this.configuration.mx.port, this.configuration.mx.bind);
  }

  async close(): Promise<void> {
    await this.#listener.shut();
    await this.plugins.stop();
  }

  async #checkRecipient({ address }: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const forwardPath = this.#parseForwardPath(address);
    const recipient = await this.incoming.findRecipient(forwardPath);
    if (typeof recipient === 'string') throw new SmtpRefusal(recipient);
    this.#accepted.get(session)?.set(address.toLowerCase(), { forwardPath, recipient });
  }

  #parseForwardPath(text: string): MailAddress {
    // RFC 5321 §4.1.1.3: `postmaster` alone is an address here.
    const address = parseOrRefuse(text.toLowerCase() === 'postmaster' ? `postmaster@${this.configuration.domain}` : text);
    if (domainOf(address) !== this.configuration.domain) throw new SmtpRefusal('relayingDenied');
    return address;
  }

  #receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const limits = { maxMessageBytes: this.configuration.maxMessageBytes, budget: this.budget };
    return withData(stream, limits, async (dataOctets) => {
      if (countHops(dataOctets) > MAX_HOPS) throw new SmtpRefusal('tooManyHops');
      const authenticationResults = await this.authentication.examine(dataOctets, senderOf(session));
      const results = await this.#deliverAll({ reversePath: reversePathOf(session), dataOctets, authenticationResults, identity: receivedSha256(stream) }, session);
      this.log.event('received', { sizeBytes: dataOctets.length, recipients: results.length, delivered: results.filter((result) => result === 'delivered').length });
      refuseUnlessAllDelivered(results);
      return 'delivered';
    });
  }

  /** One after another: each copy in memory is a whole message. */
  async #deliverAll(message: IncomingMessage, session: SMTPServerSession): Promise<DeliveryResult[]> {
    const results: DeliveryResult[] = [];
    for (const { address } of session.envelope.rcptTo) {
      const accepted = this.#accepted.get(session)?.get(address.toLowerCase());
      if (accepted === undefined) throw new SmtpRefusal('temporaryFailure');
      const received = receivedFromOutside({ session, hostname: this.configuration.hostname, nowMs: this.clock.nowMs() }, accepted.forwardPath);
      results.push(await this.incoming.deliver(message, { ...accepted, received }));
    }
    return results;
  }
}

function reversePathOf({ envelope: { mailFrom } }: SMTPServerSession): string {
  return mailFrom === false ? '' : mailFrom.address;
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

function countHops(dataOctets: Uint8Array): number {
  return fieldsNamed(parseHeaderBlock(dataOctets), 'Received').length;
}

function parseOrRefuse(text: string): MailAddress {
  try {
    return parseMailAddress(text);
  } catch {
    throw new SmtpRefusal('unknownRecipient');
  }
}
