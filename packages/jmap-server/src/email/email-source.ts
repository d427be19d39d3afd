// A message as the Email object reads it: one in the store, whose octets are loaded only where they are asked for, or
// one parsed out of a blob.

import { parseHeaderBlock, parseMessage, type HeaderField } from '@paloma/mail-format';
import type { EmailId, MessagePart } from '@paloma/shared-model';
import type { EmailRecord, MailStore } from '@paloma/mail-store/port';
import type { BlobReference } from '../blob/blob-reference.js';

export interface EmailSource {
  readonly blob: BlobReference;
  readonly sizeBytes: number;
  readonly headers: readonly HeaderField[];
  readonly rootPart: MessagePart;
  /** What the store knows of it; null for a message that is not in the store. */
  readonly record: EmailRecord | null;
  /** Octets from `offset`; fewer where the message ends. @throws {MailStoreError} "contentUnavailable" */
  load(offset: number, length: number): Promise<Uint8Array>;
}

export function storedEmail(record: EmailRecord, mailStore: MailStore): EmailSource {
  return {
    blob: { kind: 'message', emailId: record.emailId },
    sizeBytes: record.sizeBytes,
    headers: parseHeaderBlock(record.headerBlock),
    rootPart: record.rootPart,
    record,
    load: (offset, length) => loadRange(mailStore, record.emailId, offset, length),
  };
}

export function parsedEmail(octets: Uint8Array, blob: BlobReference): EmailSource {
  const { headers, rootPart } = parseMessage(octets);
  return { blob, sizeBytes: octets.length, headers, rootPart, record: null, load: async (offset, length) => octets.subarray(offset, offset + length) };
}

/** An email destroyed meanwhile reads as empty: the change is told by /changes. */
async function loadRange(mailStore: MailStore, emailId: EmailId, offset: number, length: number): Promise<Uint8Array> {
  return (length > 0 && await mailStore.loadMessageBytes(emailId, { offset, length })) || new Uint8Array();
}
