import { Controller, Delete, Get, Head, Headers, HttpCode, Param, Post, Put, Query, Req, Res, UseGuards } from '@nestjs/common';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { MAX_BATCH_RECORDS, MAX_BLOB_BYTES, parseBlobId, parseBlobNamespace } from '@paloma/shared-model';
import { BLOB_STREAM_LIMITS, BLOBS_DOWN_STREAM, BLOBS_UP_STREAM, blobsDownRequest, decodeStream, encodeStream, type BlobsDownRequest } from '@paloma/sync-protocol';
import { sendCbor, sendStream } from '../http/answer.js';
import { announcedBytes, bodyChunks, CborBody } from '../http/body.js';
import { Gate } from '../http/gate.js';
import { CREATED, NO_CONTENT, OK, PARTIAL_CONTENT } from '../http/status.js';
import { note } from '../logging/log.js';
import { CurrentSession, SessionGuard } from '../sessions/session.guard.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { WireError } from '../wire-error.js';
import { BlobRepository } from './blob.repository.js';
import { BlobService } from './blob.service.js';
import { parseOctetRange } from './octet-range.js';

const DEFAULT_LIST_BLOBS = 1000;
/** Batches of one account held in memory at once. */
const MAX_BATCHES_AT_ONCE = 3;

/** docs/protocol/sync.md §5. */
@Controller('v1/blobs/:namespace')
@UseGuards(SessionGuard)
export class BlobsController {
  readonly #gate = new Gate(MAX_BATCHES_AT_ONCE);

  constructor(private readonly blobs: BlobService, private readonly repository: BlobRepository) {}

  @Post('batch-up')
  putBatch(@CurrentSession() { accountId }: StoredSession, @Param('namespace') namespace: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.#gate.run(accountId, async () => {
      const stream = decodeStream(bodyChunks(request), BLOBS_UP_STREAM, BLOB_STREAM_LIMITS);
      const items = await Array.fromAsync(stream.items);
      const answer = await this.blobs.putBatch(accountId, parseBlobNamespace(namespace), items);
      note(response, { blobsUp: items.length });
      sendCbor(response, answer);
    });
  }

  @Post('batch-down')
  async getBatch(
    @CurrentSession() { accountId }: StoredSession, @Param('namespace') namespace: string,
    @CborBody(blobsDownRequest) { ids }: BlobsDownRequest, @Res() response: Response,
  ): Promise<void> {
    if (ids.length > MAX_BATCH_RECORDS) throw new WireError('tooLarge', 'too many ids');
    const { through, items } = await this.blobs.getBatch(accountId, parseBlobNamespace(namespace), ids);
    note(response, { blobsDown: through });
    await sendStream(response, encodeStream(BLOBS_DOWN_STREAM, { count: through, through }, items));
  }

  @Get()
  async list(
    @CurrentSession() { accountId }: StoredSession, @Param('namespace') namespace: string,
    @Query('after') after: string | undefined, @Query('limit') limit: string | undefined, @Res() response: Response,
  ): Promise<void> {
    const afterId = after === undefined ? null : parseBlobId(after);
    sendCbor(response, await this.repository.list(accountId, parseBlobNamespace(namespace), afterId, parseLimit(limit)));
  }

  @Put(':blobId')
  async put(
    @CurrentSession() { accountId }: StoredSession, @Param('namespace') namespace: string, @Param('blobId') blobId: string,
    @Req() request: Request, @Res() response: Response,
  ): Promise<void> {
    const sizeBytes = announcedBytes(request);
    if (sizeBytes === null) throw new WireError('badRequest', 'Content-Length is needed');
    if (sizeBytes > MAX_BLOB_BYTES) throw new WireError('tooLarge', `blob over limit ${MAX_BLOB_BYTES}`);
    note(response, { blobsUp: 1 });
    // RFC 9110 §13.1.1: only in place of what is there.
    if (request.headers['if-match'] === '*') {
      await this.blobs.replace(accountId, parseBlobNamespace(namespace), parseBlobId(blobId), bodyChunks(request));
      return void response.status(OK).end();
    }
    const outcome = await this.blobs.put(accountId, parseBlobNamespace(namespace), parseBlobId(blobId), bodyChunks(request));
    response.status(outcome === 'stored' ? CREATED : OK).end();
  }

  @Head(':blobId')
  async describe(@CurrentSession() { accountId }: StoredSession, @Param('namespace') namespace: string, @Param('blobId') blobId: string, @Res() response: Response): Promise<void> {
    const id = parseBlobId(blobId);
    const sizeBytes = (await this.repository.sizes(accountId, parseBlobNamespace(namespace), [id])).get(id);
    if (sizeBytes === undefined) throw new WireError('notFound', 'no such blob');
    response.status(OK).set(blobHeaders(sizeBytes)).end();
  }

  @Get(':blobId')
  async get(
    @CurrentSession() { accountId }: StoredSession, @Param('namespace') namespace: string, @Param('blobId') blobId: string,
    @Headers('range') rangeHeader: string | undefined, @Res() response: Response,
  ): Promise<void> {
    const octets = await this.blobs.find(accountId, parseBlobNamespace(namespace), parseBlobId(blobId));
    const range = parseOctetRange(rangeHeader, octets.sizeBytes);
    if (range === 'unsatisfiable') throw new WireError('rangeNotSatisfiable', 'range outside of the blob', { entireBytes: octets.sizeBytes });
    note(response, { blobsDown: 1 });
    response.status(range ? PARTIAL_CONTENT : OK).set(blobHeaders(range ? range.to - range.from + 1 : octets.sizeBytes));
    if (range) response.setHeader('Content-Range', `bytes ${range.from}-${range.to}/${octets.sizeBytes}`);
    await pipeline(Readable.from(this.blobs.read(accountId, octets, range ?? undefined), { objectMode: false }), response);
  }

  @Delete(':blobId')
  @HttpCode(NO_CONTENT)
  remove(@CurrentSession() { accountId }: StoredSession, @Param('namespace') namespace: string, @Param('blobId') blobId: string): Promise<void> {
    return this.blobs.remove(accountId, parseBlobNamespace(namespace), parseBlobId(blobId));
  }
}

function blobHeaders(contentBytes: number): Record<string, string> {
  return { 'Content-Type': 'application/octet-stream', 'Content-Length': String(contentBytes), 'Accept-Ranges': 'bytes' };
}

function parseLimit(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIST_BLOBS : Number(text);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new WireError('badRequest', 'limit must be a positive number');
  return Math.min(limit, MAX_BATCH_RECORDS);
}
