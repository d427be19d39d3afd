// The two duties of the MX, for Haraka's plugins `paloma.rcpt` and `paloma.deliver`: is there such a mailbox, and seal the message
// into its incoming box. A Haraka that loads them needs no provider-mx for mail from outside, only its configuration file.

import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { loadConfiguration, type Configuration } from '../config/configuration.js';
import { loadDeliveryKey, loadServiceToken } from '../config/secret-files.js';
import { IncomingDelivery, type DeliveryResult, type IncomingMessage } from '../incoming/incoming-delivery.js';
import { Log } from '../logging/log.js';
import { HttpServicesApi } from '../services-api/http-services-api.js';
import { REPLIES, type RefusalCode } from '../smtp/smtp-reply.js';
import { fieldsNamed, flattenAddresses, parseAddressList, parseHeaderBlock } from '@paloma/mail-format';
import { domainOf, parseMailAddress, systemClock, type MailAddress } from '@paloma/shared-model';

export interface DoorRefusal {
  isTemporary: boolean;
  /** With an enhanced status code in front, RFC 3463. */
  text: string;
}

/** `null`: yes, or done. */
export type DoorAnswer = DoorRefusal | null;

export interface DoorMessage {
  /** Empty for the null reverse path. */
  reversePath: string;
  forwardPaths: readonly string[];
  /** With the trace of this host on top. */
  octets: Uint8Array;
  /** Pieces of the message that are the same each time the sender repeats it. */
  identity: readonly (string | Uint8Array)[];
  /** Value of the Authentication-Results field of this host; null: none. */
  authenticationResults: string | null;
}

export class IncomingDoor {
  readonly #configuration: Configuration;
  readonly #services: HttpServicesApi;
  readonly #incoming: IncomingDelivery;

  /** `configurationFile`: that of provider-mx. @throws {StartError} "badConfiguration", "filesUnusable" */
  constructor(configurationFile: string) {
    this.#configuration = loadConfiguration(configurationFile, process.env);
    const { stateDirectory, services } = this.#configuration;
    this.#services = new HttpServicesApi(this.#configuration, loadServiceToken(services.tokenFile), systemClock, new Log());
    this.#incoming = new IncomingDelivery(this.#services, loadDeliveryKey(stateDirectory), systemClock, this.#configuration);
  }

  /** Whether mail to this address is for us at all. */
  isOurs(address: string): boolean {
    return this.#parse(address) !== null;
  }

  async checkRecipient(address: string): Promise<DoorAnswer> {
    const forwardPath = this.#parse(address);
    const recipient = forwardPath === null ? 'unknownRecipient' : await this.#incoming.findRecipient(forwardPath);
    return typeof recipient === 'string' ? refusalOf(recipient) : null;
  }

  /** Every copy is durable when it answers `null`; otherwise the sender shall repeat the whole message, which doubles none. */
  async deliver({ forwardPaths, octets, identity, ...message }: DoorMessage): Promise<DoorAnswer> {
    if (this.#configuration.authentication.policy === 'apply' && !namesAuthor(octets)) return refusalOf('missingAuthor');
    const digest = createHash('sha256');
    for (const piece of identity) digest.update(piece);
    const incoming: IncomingMessage = { ...message, dataOctets: octets, identity: digest.digest() };
    const results: DeliveryResult[] = [];
    for (const forwardPath of forwardPaths) results.push(await this.#deliverTo(forwardPath, incoming));
    const [first = 'temporaryFailure'] = results;
    const isUnanimous = results.every((result) => result === first);
    return isUnanimous && first === 'delivered' ? null : refusalOf(isUnanimous && first !== 'delivered' ? first : 'temporaryFailure');
  }

  close(): Promise<void> {
    return this.#services.onApplicationShutdown();
  }

  async #deliverTo(address: string, incoming: IncomingMessage): Promise<DeliveryResult> {
    const forwardPath = this.#parse(address);
    const recipient = forwardPath === null ? 'unknownRecipient' : await this.#incoming.findRecipient(forwardPath);
    if (forwardPath === null || typeof recipient === 'string') return typeof recipient === 'string' ? recipient : 'unknownRecipient';
    return this.#incoming.deliver(incoming, { forwardPath, recipient, received: null });
  }

  #parse(text: string): MailAddress | null {
    try {
      const address = parseMailAddress(text);
      return domainOf(address) === this.#configuration.domain ? address : null;
    } catch {
      return null;
    }
  }
}

/** Plugins of DMARC pass over mail that has no author, RFC 5322 §3.6.2. */
function namesAuthor(octets: Uint8Array): boolean {
  const addresses = fieldsNamed(parseHeaderBlock(octets), 'From').flatMap(({ text }) => flattenAddresses(parseAddressList(text)));
  return addresses.some(({ address }) => /.@./.test(address));
}

function refusalOf(code: RefusalCode): DoorRefusal {
  const { code: replyCode, enhancedCode, text } = REPLIES[code];
  return { isTemporary: replyCode < 500, text: `${enhancedCode} ${text}` };
}
