// Octets of many messages in few statements. Nothing of the documents but the octets is read.

import type { DocumentStore } from '@paloma/document-store';
import type { BlobId, ContentRun, MessageId } from '@paloma/shared-model';
import type { MessageAtHand } from '../port/index.js';
import { MAIL_BLOBS } from './blob-references.js';

interface Row { messageKey: number; messageId: MessageId }

export function messagesAtHand(store: DocumentStore, messageKeys: readonly number[], { withBody }: { withBody: boolean }): Map<number, MessageAtHand> {
  const rows = store.sql.all<Row>(
    'SELECT message_key AS messageKey, message_id AS messageId FROM mail_description WHERE message_key IN (SELECT value FROM json_each(?))', JSON.stringify(messageKeys));
  const messageIds = rows.map(({ messageId }) => messageId);
  return withBody ? wholeMessages(store, rows, messageIds) : headerBlocks(store, rows, messageIds);
}

function headerBlocks(store: DocumentStore, rows: readonly Row[], messageIds: readonly MessageId[]): Map<number, MessageAtHand> {
  const messages = store.getMembers('message', messageIds, ['headerBlock']);
  return new Map(rows.flatMap(({ messageKey, messageId }) => {
    const message = messages.get(messageId);
    return message ? [[messageKey, { headerBlock: message.headerBlock, body: [] }]] : [];
  }));
}

function wholeMessages(store: DocumentStore, rows: readonly Row[], messageIds: readonly MessageId[]): Map<number, MessageAtHand> {
  const messages = store.getMembers('message', messageIds, ['headerBlock', 'content']);
  const contents = store.getMembers('message-content', messageIds, ['octets']);
  return new Map(rows.flatMap(({ messageKey, messageId }) => {
    const message = messages.get(messageId);
    const body = message && bodyOf(store, message.content, contents.get(messageId)?.octets ?? null);
    return body ? [[messageKey, { headerBlock: message.headerBlock, body }]] : [];
  }));
}

/** Null when some of it is not on this device. */
function bodyOf(store: DocumentStore, runs: readonly ContentRun[], inline: Uint8Array | null): Uint8Array[] | null {
  const body: Uint8Array[] = [];
  let offset = 0;
  for (const run of runs) {
    const octets = run.kind === 'blob' ? store.getLocalBlob(MAIL_BLOBS, run.blobId as BlobId) : inline?.subarray(offset, offset + run.sizeBytes);
    if (octets?.length !== run.sizeBytes) return null;
    if (run.kind === 'inline') offset += run.sizeBytes;
    body.push(octets);
  }
  return body;
}
