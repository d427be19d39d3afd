// Blob ids of this server. An id says where the octets are, so nothing has to be remembered:
//   m-<emailId>            a message
//   u-<uploadId>           an upload
//   p-<number>-<blobId>    a part of the message in another blob, decoded; number as in IMAP with `_` for `.`
// RFC 8620 §1.2 allows letters, digits, `-` and `_` only.

import { parseEmailId, type EmailId } from '@paloma/shared-model';

export type BlobReference =
  | { readonly kind: 'message'; readonly emailId: EmailId }
  | { readonly kind: 'upload'; readonly uploadId: string }
  | { readonly kind: 'part'; readonly partNumber: string; readonly container: BlobReference };

/** Longest JMAP id, RFC 8620 §1.2. */
const MAX_ID_CHARS = 255;
/** Attached messages within attached messages; each level is parsed to get at the next. */
const MAX_CONTAINER_DEPTH = 8;

export function formatBlobId(reference: BlobReference): string {
  if (reference.kind === 'message') return `m-${reference.emailId}`;
  if (reference.kind === 'upload') return `u-${reference.uploadId}`;
  return `p-${reference.partNumber.replaceAll('.', '_')}-${formatBlobId(reference.container)}`;
}

/** `null`: not an id that this server gives out. */
export function parseBlobId(blobId: string): BlobReference | null {
  return blobId.length <= MAX_ID_CHARS ? parseNested(blobId, MAX_CONTAINER_DEPTH) : null;
}

function parseNested(blobId: string, maxDepth: number): BlobReference | null {
  const message = /^m-([A-Za-z0-9_-]{1,64})$/.exec(blobId);
  if (message?.[1]) return { kind: 'message', emailId: parseEmailId(message[1]) };
  const upload = /^u-([A-Za-z0-9_-]{22})$/.exec(blobId);
  if (upload?.[1]) return { kind: 'upload', uploadId: upload[1] };
  const part = /^p-(\d+(?:_\d+)*)-(.+)$/.exec(blobId);
  if (!part?.[1] || !part[2] || maxDepth === 0) return null;
  const container = parseNested(part[2], maxDepth - 1);
  return container && { kind: 'part', partNumber: part[1].replaceAll('_', '.'), container };
}
