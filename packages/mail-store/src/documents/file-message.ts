// Octets to documents: what an append puts into the store. Ids derive from the source where there is one, so that two
// devices that file the same incoming item make the same documents; else from a mark clock, which is never the same twice.

import type { DocumentStore, DocumentTransaction } from '@paloma/document-store';
import { concatOctets, partEnd, previewText, splitMessage, type MessageRun } from '@paloma/mail-format';
import {
  BLOB_THRESHOLD_BYTES, NOT_PROTECTED, parseEmailId, parseMessageId,
  type ContentRun, type EmailId, type MarkClock, type MessageId,
} from '@paloma/shared-model';
import type { AppendInput } from '../port/index.js';
import { MAX_PREVIEW_CHARS } from '../read-message.js';
import { MAIL_BLOBS } from './blob-references.js';
import { indexMessage } from './text-index.js';

export interface FiledIds {
  emailId: EmailId;
  messageId: MessageId;
}

/** Behind a letter: RFC 8620 §1.2 asks for ids that start with no digit and no dash. */
export function idsFromSource(store: DocumentStore, sourceId: string): FiledIds {
  return { emailId: parseEmailId(`E${store.deriveId('email', sourceId)}`), messageId: parseMessageId(`M${store.deriveId('message', sourceId)}`) };
}

export function idsFromClock(store: DocumentStore, { counter, replica }: MarkClock): FiledIds {
  return idsFromSource(store, `${counter}.${replica}`);
}

/** Puts the message, its content and its blobs, and indexes its text. The email is left to the caller. */
export function fileMessage(store: DocumentStore, transaction: DocumentTransaction, messageId: MessageId, input: AppendInput): void {
  const { octets, source, security = NOT_PROTECTED } = input;
  const { headerBlock, rootPart, runs } = splitMessage(octets, BLOB_THRESHOLD_BYTES);
  const message = {
    messageId, headerBlock: headerBlock.slice(), sizeBytes: octets.length, rootPart, security,
    content: runs.map((run) => storeRun(store, run)),
    preview: previewText(octets, rootPart, MAX_PREVIEW_CHARS),
    sourceId: source?.sourceId ?? null,
    asReceived: source?.asReceived ? { blobId: store.putBlob(MAIL_BLOBS, source.asReceived), sizeBytes: source.asReceived.length } : null,
  };
  const inline = concatOctets(runs.filter(({ kind }) => kind === 'inline').map((run) => run.octets)).slice();
  const messageKey = transaction.put('message', messageId, message);
  if (inline.length > 0) transaction.put('message-content', messageId, { messageId, octets: inline });
  indexMessage(transaction.sql, messageKey, message, (part) => octets.subarray(part.bodyOffset, partEnd(part)));
}

function storeRun(store: DocumentStore, run: MessageRun): ContentRun {
  const sizeBytes = run.octets.length;
  return run.kind === 'inline' ? { kind: 'inline', sizeBytes } : { kind: 'blob', blobId: store.putBlob(MAIL_BLOBS, run.octets), sizeBytes };
}
