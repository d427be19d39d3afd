// The sync endpoint over HTTPS, docs/protocol/sync.md.

import { MAX_BLOB_BYTES, MAX_BATCH_RECORDS, parseGeneration, type BlobId, type BlobNamespace, type ReplicaUid } from '@paloma/shared-model';
import {
  BLOB_STREAM_LIMITS, BLOBS_DOWN_STREAM, BLOBS_UP_STREAM, DOCUMENT_STREAM_LIMITS, PROTOCOL_VERSION, PULL_STREAM, PUSH_STREAM, ProtocolError,
  blobListAnswer, blobsUpAnswer, encodeCbor, encodeStream, infoAnswer, pushAnswer, usersPaths,
  type BlobDownItem, type BlobListAnswer, type BlobUpItem, type InfoAnswer, type PullItem, type PullRequest, type PushAnswer, type PushItem,
} from '@paloma/sync-protocol';
import type { BlobPart, BlobPartRequest } from '../local/blob-download.js';
import { StoreError } from '../store-error.js';
import { absentWhen } from './absent-when.js';
import { readingProtocol, type ProviderAnswer, type ProviderConnection } from './provider-connection.js';
import type { BlobOutcome, PullPage, SyncTransport } from './sync-transport.js';

/** RFC 9110 §15.3.7. */
const PARTIAL_CONTENT = 206;
const CBOR = { 'content-type': 'application/cbor' };
const CBOR_SEQUENCE = { 'content-type': 'application/cbor-seq' };

export class HttpsSyncTransport implements SyncTransport {
  constructor(private readonly connection: ProviderConnection) {}

  async info(): Promise<InfoAnswer> {
    return (await this.connection.send({ method: 'GET', path: usersPaths.info })).cbor(infoAnswer);
  }

  async push(replicaUid: ReplicaUid, items: readonly PushItem[]): Promise<PushAnswer> {
    const body = encodeStream(PUSH_STREAM, { replicaUid, count: items.length }, items);
    const answer = await (await this.#post(usersPaths.push, CBOR_SEQUENCE, body)).cbor(pushAnswer);
    assertAnswersAll(answer.outcomes, items);
    return answer;
  }

  async pull(request: Omit<PullRequest, 'v'>): Promise<PullPage> {
    const answer = await this.#post(usersPaths.pull, CBOR, encodeCbor({ v: PROTOCOL_VERSION, ...request }));
    return readPage(answer, request);
  }

  async uploadBlobs(namespace: BlobNamespace, blobs: readonly BlobUpItem[]): Promise<BlobOutcome[]> {
    const body = encodeStream(BLOBS_UP_STREAM, { count: blobs.length }, blobs);
    const { outcomes } = await (await this.#post(usersPaths.blobsUp(namespace), CBOR_SEQUENCE, body)).cbor(blobsUpAnswer);
    assertAnswersAll(outcomes, blobs);
    return outcomes;
  }

  async hasBlob(namespace: BlobNamespace, blobId: BlobId): Promise<boolean> {
    try {
      await (await this.connection.send({ method: 'HEAD', path: usersPaths.blob(namespace, blobId) })).discard();
      return true;
    } catch (error) {
      // An answer to HEAD has no body, so a 404 carries no code of the provider's.
      if (error instanceof StoreError && (error.code === 'malformedAnswer' || error.code === 'notFound')) return false;
      throw error;
    }
  }

  async uploadBlob(namespace: BlobNamespace, blobId: BlobId, sealed: Uint8Array): Promise<'stored' | 'present'> {
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await this.connection.send({ method: 'PUT', path: usersPaths.blob(namespace, blobId), headers, body: sealed });
    await answer.discard();
    return answer.status === 201 ? 'stored' : 'present';
  }

  async downloadBlobs(namespace: BlobNamespace, blobIds: readonly BlobId[]): Promise<BlobDownItem[]> {
    const answer = await this.#post(usersPaths.blobsDown(namespace), CBOR, encodeCbor({ ids: blobIds.slice(0, MAX_BATCH_RECORDS) }));
    return readItems(answer);
  }

  async fetchBlob(namespace: BlobNamespace, blobId: BlobId): Promise<Uint8Array | null> {
    const answer = await absentWhen('notFound', () => this.connection.send({ method: 'GET', path: usersPaths.blob(namespace, blobId) }));
    return answer && answer.octets(MAX_BLOB_BYTES);
  }

  async fetchBlobPart(namespace: BlobNamespace, blobId: BlobId, { from, maxBytes, signal }: BlobPartRequest): Promise<BlobPart | null> {
    const headers = { range: `bytes=${from}-${from + maxBytes - 1}` };
    const answer = await absentWhen('notFound', () => this.connection.send({ method: 'GET', path: usersPaths.blob(namespace, blobId), headers, signal }));
    return answer && readPart(answer, { from, maxBytes });
  }

  async deleteBlob(namespace: BlobNamespace, blobId: BlobId): Promise<void> {
    await (await this.connection.send({ method: 'DELETE', path: usersPaths.blob(namespace, blobId) })).discard();
  }

  async listBlobs(namespace: BlobNamespace, page: { after?: BlobId; limit?: number }): Promise<BlobListAnswer> {
    return (await this.connection.send({ method: 'GET', path: usersPaths.blobList(namespace, page) })).cbor(blobListAnswer);
  }

  #post(path: string, headers: Record<string, string>, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<ProviderAnswer> {
    return this.connection.send({ method: 'POST', path, headers, body });
  }
}

/** RFC 9110 §14.2: a server may answer with the whole of it. */
async function readPart(answer: ProviderAnswer, { from, maxBytes }: Omit<BlobPartRequest, 'signal'>): Promise<BlobPart> {
  if (answer.status !== PARTIAL_CONTENT) {
    const whole = await answer.octets(MAX_BLOB_BYTES);
    return { octets: whole.subarray(from), totalBytes: whole.length };
  }
  const octets = await answer.octets(maxBytes);
  const [, first, last, total] = (/^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(answer.header('content-range') ?? '') ?? []).map(Number);
  if (first !== from || last !== from + octets.length - 1 || total === undefined) throw new StoreError('malformedAnswer', 'the range is not the one asked for');
  return { octets, totalBytes: total };
}

/** Every item is sealed and checked by itself, so what came of a broken answer may be kept (docs/protocol/sync.md §1). */
async function readPage(answer: ProviderAnswer, request: Omit<PullRequest, 'v'>): Promise<PullPage> {
  const stream = answer.stream(PULL_STREAM, DOCUMENT_STREAM_LIMITS);
  const items: PullItem[] = [];
  const { generation, transactionId, through, compacted } = await readingProtocol(() => stream.header);
  try {
    for await (const item of stream.items) {
      if (!isNext(item, items.at(-1), request)) throw new ProtocolError('malformed', 'generations of a page are not in order');
      items.push(item);
    }
  } catch (cause) {
    const last = items.at(-1);
    if (!last) throw new StoreError('malformedAnswer', 'the page broke off at its beginning', { cause });
    return { items, generation, transactionId, compacted, through: parseGeneration(request.order === 'newest' ? last.generation - 1 : last.generation) };
  }
  return { items, generation, transactionId, compacted, through };
}

/** The same for blobs; those that did not come are asked for again. */
async function readItems(answer: ProviderAnswer): Promise<BlobDownItem[]> {
  const items: BlobDownItem[] = [];
  try {
    for await (const item of answer.stream(BLOBS_DOWN_STREAM, BLOB_STREAM_LIMITS).items) items.push(item);
  } catch (cause) {
    if (items.length === 0) throw new StoreError('malformedAnswer', 'the batch broke off at its beginning', { cause });
  }
  return items;
}

function isNext(item: PullItem, before: PullItem | undefined, { since, until, order }: Omit<PullRequest, 'v'>): boolean {
  if (order === 'newest') return item.generation > since && item.generation < (before?.generation ?? (until ?? Infinity) + 1);
  return item.generation > (before?.generation ?? since);
}

function assertAnswersAll(outcomes: readonly { id: string }[], items: readonly { id: string }[]): void {
  const isComplete = outcomes.length === items.length && outcomes.every(({ id }, index) => id === items[index]?.id);
  if (!isComplete) throw new StoreError('malformedAnswer', 'outcomes do not match what was sent');
}
