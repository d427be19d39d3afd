import { Controller, Get, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS, MAX_BLOB_BYTES, MAX_SEALED_DOCUMENT_BYTES, parseTransactionId, type RandomSource, type ReplicaUid } from '@paloma/shared-model';
import { decodeStream, DOCUMENT_STREAM_LIMITS, encodeStream, PROTOCOL_VERSION, PULL_STREAM, pullRequest, PUSH_STREAM } from '@paloma/sync-protocol';
import type { InfoAnswer, PullRequest, PushItem } from '@paloma/sync-protocol';
import { sendCbor, sendStream } from '../http/answer.js';
import { bodyChunks, CborBody } from '../http/body.js';
import { Gate } from '../http/gate.js';
import { RANDOM } from '../injection-tokens.js';
import { note } from '../logging/log.js';
import { randomId } from '../random-id.js';
import { ReplicaProgress } from '../replicas/replica-progress.js';
import { CurrentSession, SessionGuard } from '../sessions/session.guard.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { WireError } from '../wire-error.js';
import { DocumentLog } from './document-log.js';

/** Batches of one account held in memory at once: a push must be whole before any of it is stored. */
const MAX_BATCHES_AT_ONCE = 3;

/** docs/protocol/sync.md §2 to §4. */
@Controller('v1/sync')
@UseGuards(SessionGuard)
export class DocumentsController {
  readonly #gate = new Gate(MAX_BATCHES_AT_ONCE);

  constructor(private readonly log: DocumentLog, private readonly progress: ReplicaProgress, @Inject(RANDOM) private readonly random: RandomSource) {}

  @Get('info')
  async info(@CurrentSession() { accountId }: StoredSession, @Res() response: Response): Promise<void> {
    const { quotaBytes, ...head } = await this.log.head(accountId);
    const limits = { sealedDocumentBytes: MAX_SEALED_DOCUMENT_BYTES, blobBytes: MAX_BLOB_BYTES, batchBytes: MAX_BATCH_BYTES, batchRecords: MAX_BATCH_RECORDS, quotaBytes };
    sendCbor(response, { v: PROTOCOL_VERSION, accountId, ...head, limits } satisfies InfoAnswer);
  }

  @Post('push')
  push(@CurrentSession() { accountId }: StoredSession, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.#gate.run(accountId, async () => {
      const { replicaUid, items } = await readPush(request);
      await this.progress.begin(accountId, replicaUid, items.map((item) => item.class));
      const transactionId = parseTransactionId(randomId(this.random));
      const answer = await this.log.push(accountId, replicaUid, items, transactionId);
      note(response, { documentsUp: items.length });
      sendCbor(response, answer);
    });
  }

  @Post('pull')
  pull(@CurrentSession() { accountId }: StoredSession, @CborBody(pullRequest) request: PullRequest, @Res() response: Response): Promise<void> {
    return this.#gate.run(accountId, async () => {
      const isReadingOn = await this.progress.acknowledge(accountId, request.replicaUid, request);
      const limit = Math.min(request.limit, MAX_BATCH_RECORDS);
      const { items, ...header } = await this.log.pull(accountId, { ...request, limit }, { maxBytes: MAX_BATCH_BYTES, isReadingOn });
      note(response, { documentsDown: items.length });
      await sendStream(response, encodeStream(PULL_STREAM, { ...header, count: items.length }, items));
    });
  }
}

async function readPush(request: Request): Promise<{ replicaUid: ReplicaUid; items: PushItem[] }> {
  const stream = decodeStream(bodyChunks(request), PUSH_STREAM, DOCUMENT_STREAM_LIMITS);
  const items: PushItem[] = [];
  for await (const item of stream.items) {
    if (item.sealed.length > MAX_SEALED_DOCUMENT_BYTES) throw new WireError('tooLarge', 'sealed document over the limit');
    items.push(item);
  }
  return { replicaUid: (await stream.header).replicaUid, items };
}
