// Octets of many messages in few statements. Nothing of the documents but the octets is read.

import type { DocumentQuery, DocumentStore } from '@paloma/document-store';
import type { BlobId, ContentRun } from '@paloma/shared-model';
import type { MessageAtHand } from '../port/index.js';
import { MAIL_BLOBS } from './blob-references.js';

/** The documents of messages, by their keys. */
export function messagesOf(messageKeys: readonly number[]): DocumentQuery {
  return { text: 'SELECT value AS number, value AS documentKey FROM json_each(?)', asked: messageKeys };
}

/** Those with the octets behind their header blocks, by the keys of the messages. */
export function contentsOf(messageKeys: readonly number[]): DocumentQuery {
  return {
    text: 'SELECT message_key AS number, content_key AS documentKey FROM json_each(?) AS wanted CROSS JOIN mail_content ON message_key = wanted.value',
    asked: messageKeys,
  };
}

export function messagesAtHand(store: DocumentStore, messageKeys: readonly number[], { withBody }: { withBody: boolean }): Map<number, MessageAtHand> {
  return withBody ? wholeMessages(store, messageKeys) : headerBlocks(store, messageKeys);
}

function headerBlocks(store: DocumentStore, messageKeys: readonly number[]): Map<number, MessageAtHand> {
  const atHand = new Map<number, MessageAtHand>();
  for (const [messageKey, { headerBlock }] of store.getMembers('message', messagesOf(messageKeys), ['headerBlock'])) atHand.set(messageKey, { headerBlock, body: [] });
  return atHand;
}

function wholeMessages(store: DocumentStore, messageKeys: readonly number[]): Map<number, MessageAtHand> {
  const contents = store.getMembers('message-content', contentsOf(messageKeys), ['octets']);
  const atHand = new Map<number, MessageAtHand>();
  for (const [messageKey, { headerBlock, content }] of store.getMembers('message', messagesOf(messageKeys), ['headerBlock', 'content'])) {
    const body = bodyOf(store, content, contents.get(messageKey)?.octets ?? null);
    if (body) atHand.set(messageKey, { headerBlock, body });
  }
  return atHand;
}

/** Null when some of it is not on this device. */
function bodyOf(store: DocumentStore, runs: readonly ContentRun[], inline: Uint8Array | null): Uint8Array[] | null {
  const body: Uint8Array[] = [];
  let offset = 0;
  for (const run of runs) {
    const octets = run.kind === 'blob' ? store.getLocalBlob(MAIL_BLOBS, run.blobId as BlobId) : inline && pieceOf(inline, offset, run.sizeBytes);
    if (octets?.length !== run.sizeBytes) return null;
    if (run.kind === 'inline') offset += run.sizeBytes;
    body.push(octets);
  }
  return body;
}

/** Mostly all of it, of which no view is to be made. */
function pieceOf(octets: Uint8Array, offset: number, sizeBytes: number): Uint8Array {
  return sizeBytes === octets.length ? octets : octets.subarray(offset, offset + sizeBytes);
}
