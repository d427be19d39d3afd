// The download of one blob by itself, part by part (RFC 9110 §14). Each part is stored as it comes, so what was received stays
// received; a blob of a single part is not, for it is as soon asked for again. The provider may replace a blob by the same
// content sealed anew (docs/protocol/sync.md §5): parts of two sealings do not open together, and then it is fetched once more
// from its beginning, which the fetcher sees to.

import { MAX_BLOB_BYTES, type BlobId, type BlobNamespace } from '@paloma/shared-model';
import { StoreError } from '../store-error.js';
import type { DownloadExtent, UnfinishedDownloads } from './unfinished-downloads.js';
import type { WantedBlob } from './blob-queue.js';

/** One request: what a download that is cut off may lose. */
export const BLOB_PART_BYTES = 2 * 1024 * 1024;

export interface BlobPart {
  /** Sealed, from the place asked for; at least one octet. */
  octets: Uint8Array;
  /** Of the whole blob. */
  totalBytes: number;
}

export interface BlobPartRequest {
  /** Octets before it. */
  from: number;
  maxBytes: number;
  signal: AbortSignal;
}

export interface BlobPartSource {
  /**
   * Octets of a sealed blob from a place on, at most so many; null when the provider says that it has no such blob.
   * @throws {StoreError} "rangeNotSatisfiable" when the blob is not that long
   */
  fetchBlobPart(namespace: BlobNamespace, blobId: BlobId, request: BlobPartRequest): Promise<BlobPart | null>;
}

export interface BlobDownloadParts {
  readonly source: BlobPartSource;
  readonly unfinished: UnfinishedDownloads;
  /** Runs `work` in a transaction; throws when the store was closed meanwhile. */
  inTransaction<R>(work: () => R): R;
  onProgress(): void;
}

const NOTHING: DownloadExtent = { receivedBytes: 0, totalBytes: 0 };

/** Sealed octets; null when the provider does not have the blob. @throws {StoreError} */
export async function downloadBlob(blob: WantedBlob, parts: BlobDownloadParts): Promise<Uint8Array | null> {
  const { unfinished } = parts;
  for (let extent = unfinished.extentOf(blob.key) ?? NOTHING; ;) {
    if (isWhole(extent)) return unfinished.join(blob.key);
    const part = await nextPart(blob, extent, parts);
    if (part === 'changed') {
      parts.inTransaction(() => unfinished.forget(blob.key));
      extent = NOTHING;
      continue;
    }
    if (part === null) return null;
    const next = { receivedBytes: extent.receivedBytes + part.octets.length, totalBytes: part.totalBytes };
    Object.assign(blob, { receivedBytes: next.receivedBytes, expectedBytes: next.totalBytes });
    if (part.octets.length === part.totalBytes) return part.octets;
    parts.inTransaction(() => unfinished.append(blob.key, { ...extent, totalBytes: part.totalBytes }, part.octets));
    parts.onProgress();
    extent = next;
  }
}

function isWhole({ receivedBytes, totalBytes }: DownloadExtent): boolean {
  return receivedBytes > 0 && receivedBytes === totalBytes;
}

/** "changed": what is at the provider is not what the beginning was of. */
async function nextPart({ key: { namespace, blobId }, givenUp }: WantedBlob, { receivedBytes, totalBytes }: DownloadExtent, { source }: BlobDownloadParts): Promise<BlobPart | 'changed' | null> {
  givenUp.signal.throwIfAborted();
  const isBegun = receivedBytes > 0;
  try {
    const part = await source.fetchBlobPart(namespace, blobId, { from: receivedBytes, maxBytes: BLOB_PART_BYTES, signal: givenUp.signal });
    if (part && isBegun && part.totalBytes !== totalBytes) return 'changed';
    if (part) assertSound(part, receivedBytes);
    return part;
  } catch (error) {
    if (isBegun && error instanceof StoreError && error.code === 'rangeNotSatisfiable') return 'changed';
    throw error;
  }
}

/** Without the first check a provider could keep a reader asking for ever. */
function assertSound({ octets, totalBytes }: BlobPart, from: number): void {
  const isSound = octets.length > 0 && from + octets.length <= totalBytes && totalBytes <= MAX_BLOB_BYTES;
  if (!isSound) throw new StoreError('malformedAnswer', `${octets.length} octets from ${from} of a blob of ${totalBytes}`);
}
