// Where the octets of a message are: the header block in its own document, then runs of the content document and blobs.

import type { BlobId, ContentRun, MessageDocument } from '@paloma/shared-model';

export interface OctetRange {
  offset: number;
  length: number;
}

/** `offset`: from the start of the message. `contentOffset`: from the start of the content document, for inline runs. */
export type LocatedRun = ContentRun & { offset: number; contentOffset: number };

/** The runs after the header block, in order. */
export function locatedRuns({ headerBlock, content }: Pick<MessageDocument, 'headerBlock' | 'content'>): LocatedRun[] {
  let offset = headerBlock.length;
  let contentOffset = 0;
  return content.map((run) => {
    const located = { ...run, offset, contentOffset };
    offset += run.sizeBytes;
    if (run.kind === 'inline') contentOffset += run.sizeBytes;
    return located;
  });
}

/** Octets of the message that no blob holds; null when they are in one, and while the content document (`content`: its octets) is not here. */
export function inlineOctets(message: Pick<MessageDocument, 'headerBlock' | 'content'>, content: Uint8Array | null, range: OctetRange): Uint8Array | null {
  return octetsAtHand(message, content, range, () => null);
}

/** The same with those in blobs, where `blobOctets` has them. */
export function octetsAtHand(message: Pick<MessageDocument, 'headerBlock' | 'content'>, content: Uint8Array | null, { offset, length }: OctetRange, blobOctets: (blobId: BlobId) => Uint8Array | null): Uint8Array | null {
  const { headerBlock } = message;
  if (offset + length <= headerBlock.length) return headerBlock.subarray(offset, offset + length);
  const run = locatedRuns(message).find((candidate) => candidate.offset <= offset && offset + length <= candidate.offset + candidate.sizeBytes);
  if (run === undefined) return null;
  const start = offset - run.offset;
  if (run.kind === 'blob') return blobOctets(run.blobId as BlobId)?.subarray(start, start + length) ?? null;
  return content?.subarray(run.contentOffset + start, run.contentOffset + start + length) ?? null;
}
