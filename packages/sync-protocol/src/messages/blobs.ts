import { z } from 'zod';
import { streamKind } from '../stream/stream-kind.js';
import { blobId, bytes, octetCount } from './fields.js';

/** `GET /v1/blobs/{namespace}`, docs/protocol/sync.md §5. */
export const blobListAnswer = z.object({ blobs: z.array(z.object({ blobId, sizeBytes: octetCount })), more: z.boolean() });
export type BlobListAnswer = z.infer<typeof blobListAnswer>;

/** Body of `POST /v1/blobs/{namespace}/batch-up`. */
export const blobUpItem = z.object({ id: blobId, sealed: bytes });
export type BlobUpItem = z.infer<typeof blobUpItem>;
export const BLOBS_UP_STREAM = streamKind('blobs', {}, blobUpItem);

const BLOB_OUTCOMES = ['stored', 'present', 'tooLarge', 'quotaExceeded'] as const;
export const blobsUpAnswer = z.object({ outcomes: z.array(z.object({ id: blobId, outcome: z.enum(BLOB_OUTCOMES) })) });
export type BlobsUpAnswer = z.infer<typeof blobsUpAnswer>;

/** `POST /v1/blobs/{namespace}/batch-down`. */
export const blobsDownRequest = z.object({ ids: z.array(blobId) });
export type BlobsDownRequest = z.infer<typeof blobsDownRequest>;

/** `tooLarge`: there, but larger than a whole batch may be; to be fetched by itself. */
export const blobDownItem = z.union([
  z.object({ id: blobId, sealed: bytes }),
  z.object({ id: blobId, missing: z.literal(true) }),
  z.object({ id: blobId, tooLarge: z.literal(true) }),
]);
export type BlobDownItem = z.infer<typeof blobDownItem>;
/** `through`: how many of the ids asked for are answered, counted from the first. */
export const BLOBS_DOWN_STREAM = streamKind('blobs', { through: z.int().nonnegative() }, blobDownItem);
