// Octets of a stored message, all or a range. Only what the range touches is read, or fetched from the provider.

import type { DocumentStore } from '@paloma/document-store';
import { walkParts } from '@paloma/mail-format';
import type { BlobId, MessageDocument, MessagePart } from '@paloma/shared-model';
import { MailStoreError } from '../port/index.js';
import { MAIL_BLOBS } from './blob-references.js';
import { locatedRuns, type LocatedRun, type OctetRange } from './message-runs.js';
import { indexAgain } from './text-index.js';

export interface LoadOptions {
  range?: OctetRange | undefined;
  /** How long to wait for a body that another device wrote and that is still on its way; a new device receives headers first. */
  arrivalTimeoutMs: number;
}

/** A range that goes past the end is cut. @throws {MailStoreError} "contentUnavailable" */
export async function loadMessage(store: DocumentStore, message: MessageDocument, { range = { offset: 0, length: message.sizeBytes }, arrivalTimeoutMs }: LoadOptions): Promise<Uint8Array> {
  const start = Math.min(Math.max(0, range.offset), message.sizeBytes);
  const end = Math.min(Math.max(start, start + range.length), message.sizeBytes);
  const octets = new Uint8Array(end - start);
  const place = (piece: Uint8Array, offset: number): void => {
    const from = Math.max(start, offset);
    const to = Math.min(end, offset + piece.length);
    if (from < to) octets.set(piece.subarray(from - offset, to - offset), from - start);
  };
  place(message.headerBlock, 0);
  const runs = locatedRuns(message).filter(({ offset, sizeBytes }) => offset < end && offset + sizeBytes > start);
  if (runs.some(({ kind }) => kind === 'inline')) await contentArrived(store, message.messageId, arrivalTimeoutMs);
  const inline = runs.some(({ kind }) => kind === 'inline') ? (store.get('message-content', message.messageId)?.content.octets ?? null) : null;
  const absent = runs.filter((run) => run.kind === 'blob' && store.getLocalBlob(MAIL_BLOBS, run.blobId as BlobId) === null);
  await Promise.all(runs.map(async (run) => place(await loadRun(store, inline, run), run.offset)));
  if (absent.some((run) => holdsText(message.rootPart, run))) indexAgain(store, message.messageId);
  return octets;
}

function holdsText(rootPart: MessagePart, { offset, sizeBytes }: LocatedRun): boolean {
  return [...walkParts(rootPart)].some((part) => part.mediaType.startsWith('text/') && part.bodyOffset >= offset && part.bodyOffset < offset + sizeBytes);
}

/** Resolves when the inline content is here, and when it did not come in time. */
async function contentArrived(store: DocumentStore, messageId: string, timeoutMs: number): Promise<void> {
  if (timeoutMs === 0 || store.get('message-content', messageId)) return;
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      endSubscription();
      resolve();
    };
    const timer = setTimeout(() => finish(), timeoutMs).unref();
    const endSubscription = store.subscribe((changes) => {
      if (changes.some(({ documentId }) => documentId === `message-content:${messageId}`)) finish();
    });
  });
}

/** `inline`: the content document's octets; null while it is not here. Blobs asked for in the same moment travel together. */
async function loadRun(store: DocumentStore, inline: Uint8Array | null, run: LocatedRun): Promise<Uint8Array> {
  const octets = run.kind === 'inline' ? inline?.subarray(run.contentOffset, run.contentOffset + run.sizeBytes) : await loadBlob(store, run.blobId as BlobId);
  if (octets?.length !== run.sizeBytes) throw new MailStoreError('contentUnavailable', 'the content of a message is not here yet');
  return octets;
}

async function loadBlob(store: DocumentStore, blobId: BlobId): Promise<Uint8Array> {
  try {
    return await store.getBlob(MAIL_BLOBS, blobId);
  } catch (cause) {
    throw new MailStoreError('contentUnavailable', 'a part of a message could not be loaded', { cause });
  }
}
