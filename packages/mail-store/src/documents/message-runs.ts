// Where the octets of a message are: the header block in its own document, then runs of the content document and blobs.

import type { ContentRun, MessageDocument } from '@paloma/shared-model';

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
