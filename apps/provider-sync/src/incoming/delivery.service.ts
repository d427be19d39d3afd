import { Injectable } from '@nestjs/common';
import { isDatabaseOutage } from '@paloma/provider-runtime';
import type { AccountId, IncomingItemId } from '@paloma/shared-model';
import { MAX_INCOMING_ITEM_BYTES, type DeliveryAnswer, type DeliveryRequest } from '@paloma/sync-protocol';
import { BlobDirectory } from '../blobs/blob-directory.js';
import { discard, inRow, takeIn } from '../blobs/octets-at-rest.js';
import { Log } from '../logging/log.js';
import { accountDisabled } from '../sessions/session.service.js';
import { WireError } from '../wire-error.js';
import { IncomingBox, type Delivered, type NewItem } from './incoming-box.js';

type Outcome = DeliveryAnswer['outcomes'][number];

/** Takes sealed mail from the MX, docs/protocol/services-api.md §3. What it has confirmed is durable. */
@Injectable()
export class DeliveryService {
  constructor(private readonly box: IncomingBox, private readonly directory: BlobDirectory, private readonly log: Log) {}

  /** @throws {WireError} "notFound" (no such account), "accountDisabled", "quotaExceeded", "tooLarge" */
  async deliver(accountId: AccountId, itemId: IncomingItemId, octets: AsyncIterable<Uint8Array>): Promise<'stored' | 'alreadyThere'> {
    if (await this.box.isKnown(accountId, itemId)) return 'alreadyThere';
    const taken = await takeIn(this.directory, accountId, octets, MAX_INCOMING_ITEM_BYTES);
    const [outcome = 'noAccount'] = await this.box.deliver([{ accountId, itemId, octets: taken }]);
    if (outcome !== 'stored') await discard(this.directory, accountId, taken);   // after an error a row may name the file: it stays
    if (outcome === 'noAccount') throw new WireError('notFound', 'no such account');
    if (outcome === 'accountDisabled') throw accountDisabled();
    if (outcome === 'quotaExceeded') throw new WireError('quotaExceeded', 'account is full');
    return outcome;
  }

  /** Small items of any accounts, together. One that nobody can store does not keep the others from it. */
  async deliverAll({ items: requested }: DeliveryRequest): Promise<Outcome[]> {
    const items = requested.map(({ accountId, itemId, sealed }) => ({ accountId, itemId, octets: inRow(sealed) }));
    try {
      return (await this.box.deliver(items)).map(outcomeOf);
    } catch (error) {
      if (isDatabaseOutage(error)) throw error;
      return this.#deliverEach(items);
    }
  }

  async #deliverEach(items: readonly NewItem[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const item of items) {
      const [delivered] = await this.box.deliver([item]).catch((error: unknown) => {
        if (isDatabaseOutage(error)) throw error;
        this.log.bug(error);
        return [];
      });
      outcomes.push(delivered === undefined ? 'failed' : outcomeOf(delivered));
    }
    return outcomes;
  }
}

/** The sender's host shall try again: it hears that the account is disabled when it asks for the mailbox. */
function outcomeOf(delivered: Delivered): Outcome {
  return delivered === 'accountDisabled' ? 'failed' : delivered;
}
