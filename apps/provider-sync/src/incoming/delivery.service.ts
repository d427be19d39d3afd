import { Injectable } from '@nestjs/common';
import type { AccountId, IncomingItemId } from '@paloma/shared-model';
import { MAX_INCOMING_ITEM_BYTES } from '@paloma/sync-protocol';
import { BlobDirectory } from '../blobs/blob-directory.js';
import { discard, takeIn } from '../blobs/octets-at-rest.js';
import { WireError } from '../wire-error.js';
import { IncomingBox } from './incoming-box.js';

/** Takes sealed mail from the MX, docs/protocol/services-api.md §3. What it has confirmed is durable. */
@Injectable()
export class DeliveryService {
  constructor(private readonly box: IncomingBox, private readonly directory: BlobDirectory) {}

  /** @throws {WireError} "notFound" (no such account), "quotaExceeded", "tooLarge" */
  async deliver(accountId: AccountId, itemId: IncomingItemId, octets: AsyncIterable<Uint8Array>): Promise<'stored' | 'alreadyThere'> {
    if (await this.box.isKnown(accountId, itemId)) return 'alreadyThere';
    const taken = await takeIn(this.directory, accountId, octets, MAX_INCOMING_ITEM_BYTES);
    const outcome = await this.box.deliver(accountId, itemId, taken);
    if (outcome !== 'stored') await discard(this.directory, accountId, taken);   // after an error a row may name the file: it stays
    if (outcome === 'noAccount') throw new WireError('notFound', 'no such account');
    if (outcome === 'quotaExceeded') throw new WireError('quotaExceeded', 'account is full');
    return outcome;
  }
}
