import { Controller, Post, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import type { AccountId, IncomingItemId } from '@paloma/shared-model';
import { encodeStream, INCOMING_STREAM, incomingFetchRequest, leaseRequest, MAX_INCOMING_ITEMS, settleRequest } from '@paloma/sync-protocol';
import type { IncomingFetchRequest, IncomingItem, ItemLease, LeaseAnswer, LeaseRequest, SettleAnswer, SettleRequest } from '@paloma/sync-protocol';
import { BlobDirectory } from '../blobs/blob-directory.js';
import { discard, octetsOf, type OctetsAtRest } from '../blobs/octets-at-rest.js';
import { sendCbor, sendStream } from '../http/answer.js';
import { CborBody } from '../http/body.js';
import { CurrentSession, SessionGuard } from '../sessions/session.guard.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { IncomingBox } from './incoming-box.js';

/** Items read at once while mail goes down: at most 4 MiB of rows, or one file. */
const ROWS_AT_ONCE = 16;

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

  async *#read(accountId: AccountId, items: readonly ItemLease[]): AsyncGenerator<IncomingItem> {
    for (let first = 0; first < items.length; first += ROWS_AT_ONCE) {
      const part = items.slice(first, first + ROWS_AT_ONCE);
      const found = await this.box.findAll(accountId, part);
      for (const { itemId } of part) yield await this.#item(accountId, itemId, found.get(itemId));
    }
  }

  async #item(accountId: AccountId, itemId: IncomingItemId, octets: OctetsAtRest | undefined): Promise<IncomingItem> {
    if (octets === undefined) return { itemId, lost: true };
    return { itemId, octets: octets.sealed ?? Buffer.concat(await Array.fromAsync(octetsOf(this.directory, accountId, octets))) };
  }
}
