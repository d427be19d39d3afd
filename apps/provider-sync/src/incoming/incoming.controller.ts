import { Controller, Post, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import type { AccountId } from '@paloma/shared-model';
import { encodeStream, INCOMING_STREAM, incomingFetchRequest, leaseRequest, MAX_INCOMING_ITEMS, settleRequest } from '@paloma/sync-protocol';
import type { IncomingFetchRequest, IncomingItem, ItemLease, LeaseAnswer, LeaseRequest, SettleAnswer, SettleRequest } from '@paloma/sync-protocol';
import { BlobDirectory } from '../blobs/blob-directory.js';
import { discard, octetsOf } from '../blobs/octets-at-rest.js';
import { sendCbor, sendStream } from '../http/answer.js';
import { CborBody } from '../http/body.js';
import { CurrentSession, SessionGuard } from '../sessions/session.guard.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { IncomingBox } from './incoming-box.js';

/** docs/protocol/sync.md §6. */
@Controller('v1/incoming')
@UseGuards(SessionGuard)
export class IncomingController {
  constructor(private readonly box: IncomingBox, private readonly directory: BlobDirectory) {}

  @Post('lease')
  async lease(@CurrentSession() { accountId }: StoredSession, @CborBody(leaseRequest) { replicaUid, limit }: LeaseRequest, @Res() response: Response): Promise<void> {
    const items = await this.box.lease(accountId, replicaUid, Math.min(limit, MAX_INCOMING_ITEMS));
    sendCbor(response, { items } satisfies LeaseAnswer);
  }

  @Post('fetch')
  async fetch(@CurrentSession() { accountId }: StoredSession, @CborBody(incomingFetchRequest) { items }: IncomingFetchRequest, @Res() response: Response): Promise<void> {
    await sendStream(response, encodeStream(INCOMING_STREAM, { count: items.length }, this.#read(accountId, items)));
  }

  @Post('settle')
  async settle(@CurrentSession() { accountId }: StoredSession, @CborBody(settleRequest) request: SettleRequest, @Res() response: Response): Promise<void> {
    const { lost, taken } = await this.box.settle(accountId, request);
    for (const item of taken) await discard(this.directory, accountId, item);
    sendCbor(response, { lost } satisfies SettleAnswer);
  }

  /** One item in memory at a time. */
  async *#read(accountId: AccountId, items: readonly ItemLease[]): AsyncGenerator<IncomingItem> {
    for (const item of items) {
      const octets = await this.box.find(accountId, item);
      if (octets) yield { itemId: item.itemId, octets: Buffer.concat(await Array.fromAsync(octetsOf(this.directory, accountId, octets))) };
      else yield { itemId: item.itemId, lost: true };
    }
  }
}
