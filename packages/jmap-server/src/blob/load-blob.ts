import { decodeTransferEncoding, parseMessage } from '@paloma/mail-format';
import type { MessagePart } from '@paloma/shared-model';
import type { AccountContext } from '../account-context.js';
import { partWithId } from '../email/part-id.js';
import { parseBlobId, type BlobReference } from './blob-reference.js';

export interface Blob {
  readonly octets: Uint8Array;
  readonly mediaType: string;
}

/** `null`: there is no such blob. @throws {MailStoreError} "contentUnavailable" when it cannot be fetched now */
export async function loadBlob(blobId: string, account: AccountContext): Promise<Blob | null> {
  const reference = parseBlobId(blobId);
  return reference && loadReferred(reference, account);
}

export async function loadReferred(reference: BlobReference, account: AccountContext): Promise<Blob | null> {
  if (reference.kind === 'upload') return account.uploads.get(reference.uploadId);
  if (reference.kind === 'part') return loadPart(reference, account);
  const octets = await account.mailStore.loadMessageBytes(reference.emailId);
  return octets && { octets, mediaType: 'message/rfc822' };
}

async function loadPart({ partNumber, container }: BlobReference & { kind: 'part' }, account: AccountContext): Promise<Blob | null> {
  if (container.kind === 'message') return loadStoredPart(container, partNumber, account);
  const outer = await loadReferred(container, account);
  if (!outer) return null;
  const part = partWithId(parseMessage(outer.octets).rootPart, partNumber);
  return part && decodedPart(part, outer.octets.subarray(part.bodyOffset, part.bodyOffset + part.bodyBytes));
}

/** Loads no more of the message than the part. */
async function loadStoredPart({ emailId }: BlobReference & { kind: 'message' }, partNumber: string, { mailStore }: AccountContext): Promise<Blob | null> {
  const [record] = await mailStore.getEmails([emailId]);
  const part = record && partWithId(record.rootPart, partNumber);
  if (!part) return null;
  const body = part.bodyBytes === 0 ? new Uint8Array() : await mailStore.loadMessageBytes(emailId, { offset: part.bodyOffset, length: part.bodyBytes });
  return body && decodedPart(part, body);
}

function decodedPart(part: MessagePart, body: Uint8Array): Blob {
  return { octets: decodeTransferEncoding(body, part.transferEncoding), mediaType: part.mediaType };
}
