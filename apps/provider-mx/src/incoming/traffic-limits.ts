// How much one peer may send, and one mailbox be sent, in a minute. What is over it is put off: a sender that means it tries again.

import { Inject, Injectable } from '@nestjs/common';
import type { SMTPServerSession } from 'smtp-server';
import type { Clock } from '@paloma/shared-model';
import { TrustedPeers } from '../authentication/trusted-peers.js';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION } from '../injection-tokens.js';
import { peerAddress } from '../smtp/received-field.js';
import { RateLimit } from '../smtp/rate-limit.js';
import { SmtpRefusal } from '../smtp/smtp-reply.js';
import { networkOf } from './peer-network.js';

@Injectable()
export class TrafficLimits {
  readonly #trusted: TrustedPeers;
  readonly #connections: RateLimit;
  readonly #messages: RateLimit;
  readonly #copies: RateLimit;

  constructor(@Inject(CONFIGURATION) configuration: Configuration, @Inject(CLOCK) clock: Clock) {
    const { connectionsPerPeer, messagesPerPeer, messagesPerRecipient } = configuration.limits;
    this.#trusted = new TrustedPeers(configuration);
    this.#connections = new RateLimit(connectionsPerPeer, clock);
    this.#messages = new RateLimit(messagesPerPeer, clock);
    this.#copies = new RateLimit(messagesPerRecipient, clock);
  }

  /** @throws {SmtpRefusal} "tooManyConnections" */
  countConnection(session: SMTPServerSession): void {
    if (!this.#isTrusted(session) && !this.#connections.tryCount(networkOf(peerAddress(session)))) throw new SmtpRefusal('tooManyConnections');
  }

  /** @throws {SmtpRefusal} "tooManyMessages" */
  countMessage(session: SMTPServerSession): void {
    if (!this.#isTrusted(session) && !this.#messages.tryCount(networkOf(peerAddress(session)))) throw new SmtpRefusal('tooManyMessages');
  }

  /** `address`: in lower case. @throws {SmtpRefusal} "tooManyMessages" */
  countCopy(address: string, session: SMTPServerSession): void {
    if (!this.#isTrusted(session) && !this.#copies.tryCount(address)) throw new SmtpRefusal('tooManyMessages');
  }

  #isTrusted(session: SMTPServerSession): boolean {
    return this.#trusted.has(peerAddress(session));
  }
}
