// What SMTP and LMTP do alike with mail for mailboxes here: RCPT asks for the mailbox, DATA puts a copy into each.

import { Inject, Injectable } from '@nestjs/common';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { receivedSha256 } from '@paloma/haraka-host';
import { fieldsNamed, parseHeaderBlock } from '@paloma/mail-format';
import { Pseudonyms } from '@paloma/provider-runtime';
import { domainOf, parseMailAddress, type Clock, type MailAddress } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION } from '../injection-tokens.js';
import { Log, type LogFacts } from '../logging/log.js';
import type { Recipient } from '../services-api/services-api.js';
import { ByteBudget } from '../smtp/byte-budget.js';
import { announcedBytes, withData } from '../smtp/collect-data.js';
import { peerAddress, receivedFromOutside } from '../smtp/received-field.js';
import { SmtpRefusal } from '../smtp/smtp-reply.js';
import { IncomingDelivery, type DeliveryResult, type IncomingMessage } from './incoming-delivery.js';

/** RFC 5321 §6.3: loops are seen by counting Received fields; at least 100 is its advice for strangers, real paths stay under 20. */
export const MAX_HOPS = 50;

/** What became of each recipient, by his address as RCPT gave it, in lower case. */
export type Outcome = ReadonlyMap<string, DeliveryResult>;
export type Examination = Pick<IncomingMessage, 'authenticationResults' | 'isExamined'>;

interface AcceptedRecipient {
  forwardPath: MailAddress;
  recipient: Recipient;
}

@Injectable()
export class Reception {
  /** What RCPT found out, by the address as smtp-server keeps it. */
  readonly #accepted = new WeakMap<SMTPServerSession, Map<string, AcceptedRecipient>>();

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly incoming: IncomingDelivery,
    private readonly budget: ByteBudget,
    private readonly pseudonyms: Pseudonyms,
    private readonly log: Log,
  ) {}

  /** At MAIL: nobody is accepted yet. */
  begin(session: SMTPServerSession): void {
    this.#accepted.set(session, new Map());
  }

  /** @throws {SmtpRefusal} when there is no such mailbox, or none that can take mail now */
  async checkRecipient({ address }: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const forwardPath = this.#parseForwardPath(address);
    const recipient = await this.incoming.findRecipient(forwardPath);
    if (typeof recipient === 'string') throw new SmtpRefusal(recipient);
    this.#accepted.get(session)?.set(address.toLowerCase(), { forwardPath, recipient });
  }

  /** Reads the message and delivers it; `examine` judges where it comes from. @throws {SmtpRefusal} what is said to all recipients */
  receive(stream: SMTPServerDataStream, session: SMTPServerSession, examine: (dataOctets: Uint8Array) => Promise<Examination>): Promise<Outcome> {
    const receivedDigest = receivedSha256(stream);
    // What plugins have looked at is in memory, and counted there.
    const budget = receivedDigest === null ? this.budget : null;
    const limits = { maxMessageBytes: this.configuration.maxMessageBytes, announcedBytes: announcedBytes(session), budget };
    return withData(stream, limits, async (dataOctets) => {
      if (countHops(dataOctets) > MAX_HOPS) throw new SmtpRefusal('tooManyHops');
      const message = { reversePath: reversePathOf(session), dataOctets, identity: receivedDigest, ...await examine(dataOctets) };
      const outcome = await this.#deliverAll(message, session);
      const delivered = [...outcome.values()].filter((result) => result === 'delivered').length;
      this.log.event('received', { sizeBytes: dataOctets.length, recipients: outcome.size, delivered, ...this.about(session), accounts: this.#accountsOf(session) });
      return outcome;
    });
  }

  /** Of whom the log tells. */
  about(session: SMTPServerSession): LogFacts {
    return { peer: this.pseudonyms.peer(peerAddress(session)) };
  }

  #accountsOf(session: SMTPServerSession): string {
    const accepted = [...this.#accepted.get(session)?.values() ?? []];
    return [...new Set(accepted.map(({ recipient }) => this.pseudonyms.account(recipient.accountId)))].join(' ');
  }

  #parseForwardPath(text: string): MailAddress {
    // RFC 5321 §4.1.1.3: `postmaster` alone is an address here.
    const address = parseOrRefuse(text.toLowerCase() === 'postmaster' ? `postmaster@${this.configuration.domain}` : text);
    if (domainOf(address) !== this.configuration.domain) throw new SmtpRefusal('relayingDenied');
    return address;
  }

  /** One after another: each copy in memory is a whole message. */
  async #deliverAll(message: IncomingMessage, session: SMTPServerSession): Promise<Outcome> {
    const outcome = new Map<string, DeliveryResult>();
    for (const { address } of session.envelope.rcptTo) {
      const accepted = this.#accepted.get(session)?.get(address.toLowerCase());
      if (accepted === undefined) throw new SmtpRefusal('temporaryFailure');
      const received = receivedFromOutside({ session, hostname: this.configuration.hostname, nowMs: this.clock.nowMs() }, accepted.forwardPath);
      outcome.set(address.toLowerCase(), await this.incoming.deliver(message, { ...accepted, received }));
    }
    return outcome;
  }
}

export function reversePathOf({ envelope: { mailFrom } }: SMTPServerSession): string {
  return mailFrom === false ? '' : mailFrom.address;
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
