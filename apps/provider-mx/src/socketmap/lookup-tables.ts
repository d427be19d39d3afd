// What an MTA in front may ask: which domains and which mailboxes are here, and whom mail cannot be taken for just now. The answers
// are constant and tell nothing else. No answer of provider-sync is never "no": the MTA would refuse mail for good.

import { Inject, Injectable } from '@nestjs/common';
import { domainOf, parseMailAddress, type MailAddress } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import { IncomingDelivery } from '../incoming/incoming-delivery.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { formatReply, REPLIES, type RefusalCode } from '../smtp/smtp-reply.js';

/** socketmap_table(5), "REPLY FORMAT". */
export type LookupReply = `OK ${string}` | 'NOTFOUND ' | `TEMP ${string}` | `PERM ${string}`;

const HERE = 'OK here';
const NOT_HERE = 'NOTFOUND ';
const OUTAGE = 'TEMP provider-sync does not answer';
const NO_SUCH_TABLE = 'PERM no such table';

@Injectable()
export class LookupTables {
  readonly #tables: Readonly<Record<string, (key: string) => LookupReply | Promise<LookupReply>>> = {
    domains: (key) => (key.toLowerCase() === this.configuration.domain ? HERE : NOT_HERE),
    recipients: async (key) => this.#recipient(await this.#find(key)),
    access: async (key) => this.#access(await this.#find(key)),
  };

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration, private readonly incoming: IncomingDelivery) {}

  /** `request`: the table's name, a space, the key. */
  async answer(request: string): Promise<LookupReply> {
    const [, table = '', key = ''] = /^(\S*) ([^]*)$/.exec(request) ?? [];
    return Object.hasOwn(this.#tables, table) ? this.#tables[table]!(key) : NO_SUCH_TABLE;
  }

  /** A mailbox that cannot take mail now is a mailbox: its mail waits in front. */
  #recipient(found: RefusalCode | 'usable'): LookupReply {
    if (found === 'unknownRecipient') return NOT_HERE;
    return found === 'temporaryFailure' ? OUTAGE : HERE;
  }

  /** access(5): for whom mail cannot be taken now, the reply that says so. */
  #access(found: RefusalCode | 'usable'): LookupReply {
    if (found === 'unknownRecipient' || found === 'usable') return NOT_HERE;
    return found === 'temporaryFailure' ? OUTAGE : `OK ${formatReply(REPLIES[found])}`;
  }

  /** Postfix also asks for parts of an address, such as `@example.org`: those are no mailboxes. */
  async #find(key: string): Promise<RefusalCode | 'usable'> {
    const address = parse(key);
    if (address === null || domainOf(address) !== this.configuration.domain) return 'unknownRecipient';
    const recipient = await this.incoming.findRecipient(address);
    return typeof recipient === 'string' ? recipient : 'usable';
  }
}

function parse(key: string): MailAddress | null {
  try {
    return parseMailAddress(key);
  } catch {
    return null;
  }
}
