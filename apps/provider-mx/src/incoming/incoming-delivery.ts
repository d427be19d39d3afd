// The last step of every message to a mailbox here, from outside or from the outgoing queue: trace fields on top,
// encryption to the recipient's certificate in memory, the ciphertext into the incoming box.

import { Inject, Injectable } from '@nestjs/common';
import { encryptInSteps, encryptToCertificates } from '@paloma/crypto/public';
import { addTraceHeader, removeAuthenticationResults } from '@paloma/mail-format';
import type { Clock, MailAddress } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import type { DeliveryKey } from '../config/secret-files.js';
import { CLOCK, CONFIGURATION, DELIVERY_KEY, SERVICES_API } from '../injection-tokens.js';
import { incomingItemId } from './item-id.js';
import type { IncomingResult, Recipient, ServicesApi } from '../services-api/services-api.js';
import type { RefusalCode } from '../smtp/smtp-reply.js';

export interface IncomingMessage {
  /** Empty for the null reverse path. */
  reversePath: string;
  /** The message as it is to be read: DATA as it was received, and what plugins did to it. Not changed, not kept. */
  dataOctets: Uint8Array;
  /** What item ids are made of, where plugins may have changed the message: the same octets each time the sender repeats it. */
  identity?: Uint8Array | null;
  /** Value of our Authentication-Results field (RFC 8601); null: none. */
  authenticationResults: string | null;
  /** An MTA of the operator's own has examined it: Authentication-Results in our name are that one's, and stay. */
  isExamined?: boolean;
}

export interface Delivery {
  forwardPath: MailAddress;
  recipient: Recipient;
  /** Value of the Received field on top; null: none, the message has one of ours. */
  received: string | null;
}

export type DeliveryResult = 'delivered' | RefusalCode;

const RESULTS = {
  stored: 'delivered',
  notFound: 'unknownRecipient',
  quotaExceeded: 'mailboxFull',
  tooLarge: 'tooLarge',
  outage: 'temporaryFailure',
} as const satisfies Record<IncomingResult, DeliveryResult>;

/** Larger ones leave as they are encrypted. */
const IN_STEPS_BYTES = 256 * 1024;
/** Larger ones are encrypted and stored one after another. */
const ALONE_BYTES = 4 * 1024 * 1024;

@Injectable()
export class IncomingDelivery {
  #lastLarge: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(SERVICES_API) private readonly services: ServicesApi,
    @Inject(DELIVERY_KEY) private readonly deliveryKey: DeliveryKey,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Whether the address has a mailbox that can take mail now. */
  async findRecipient(address: MailAddress): Promise<Recipient | RefusalCode> {
    const lookup = await this.services.findRecipient(address);
    if (lookup.kind === 'notFound') return 'unknownRecipient';
    if (lookup.kind === 'outage') return 'temporaryFailure';
    if (lookup.recipient.isDisabled) return 'mailboxDisabled';
    if (lookup.recipient.isOverQuota) return 'mailboxFull';
    return lookup.recipient.certificate === null ? 'noUsableCertificate' : lookup.recipient;
  }

  /** Durable when it answers "delivered". Without a usable certificate nothing is stored, least of all plaintext. */
  deliver(message: IncomingMessage, delivery: Delivery): Promise<DeliveryResult> {
    if (message.dataOctets.length < ALONE_BYTES) return this.#seal(message, delivery);
    const result = this.#lastLarge.then(() => this.#seal(message, delivery));
    this.#lastLarge = result.catch(() => undefined);
    return result;
  }

  async #seal(message: IncomingMessage, { forwardPath, recipient, received }: Delivery): Promise<DeliveryResult> {
    const { certificate, accountId } = recipient;
    if (certificate === null) return 'noUsableCertificate';
    const trace = { 'Return-Path': `<${message.reversePath}>`, 'Authentication-Results': message.authenticationResults, Received: received };
    const fields = Object.entries(trace).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
    const genuine = message.isExamined === true ? message.dataOctets : removeAuthenticationResults(message.dataOctets, this.configuration.hostname);
    const encrypted = genuine.length < IN_STEPS_BYTES
      ? await encryptToCertificates(addTraceHeader(genuine, fields), [certificate], this.clock.nowMs())
      : await encryptInSteps([addTraceHeader(new Uint8Array(), fields), genuine], [certificate], this.clock.nowMs());
    if (!encrypted.ok) return 'noUsableCertificate';
    const itemId = incomingItemId(this.deliveryKey, message.reversePath, forwardPath, message.identity ?? message.dataOctets);
    return RESULTS[await this.services.putIncoming(accountId, itemId, encrypted.message)];
  }
}
