// The two things that the store must find inside content, by document type: marks, because a new mark must be later than
// every mark this device has seen, and references to blobs, because a reference must not travel before its blob.
//
// If you add a document type that holds marks or blob ids, it needs a row here.

import type { BlobId, ContentOf, DocumentType, MarkClock } from '@paloma/shared-model';

interface DocumentTraits<Content> {
  marks?(content: Content): readonly Readonly<Record<string, { clock: MarkClock }>>[];
  blobIds?(content: Content): Iterable<BlobId>;
}

const DOCUMENT_TRAITS: { [T in DocumentType]?: DocumentTraits<ContentOf<T>> } = {
  email: {
    marks: ({ keywords, mailboxes }) => [keywords, mailboxes],
  },
  message: {
    *blobIds({ content, asReceived }) {
      for (const run of content) if (run.kind === 'blob') yield run.blobId as BlobId;
      if (asReceived) yield asReceived.blobId as BlobId;
    },
  },
  'quarantine-item': { blobIds: ({ blobId }) => [blobId as BlobId] },
};

/** The highest mark counter in a content; 0 when it has none. */
export function highestMarkCounter(type: DocumentType, content: unknown): number {
  let highest = 0;
  for (const marks of traitsOf(type)?.marks?.(content) ?? []) for (const name of Object.keys(marks)) highest = Math.max(highest, marks[name]!.clock.counter);
  return highest;
}

/** Blobs that a content refers to. */
export function referencedBlobs(type: DocumentType, content: unknown): BlobId[] {
  return [...(traitsOf(type)?.blobIds?.(content) ?? [])];
}

function traitsOf(type: DocumentType): DocumentTraits<unknown> | undefined {
  return DOCUMENT_TRAITS[type] as DocumentTraits<unknown> | undefined;
}
