// What every document has: a type and the version of that type's schema. A version newer than this program knows is
// kept and synced untouched, never rewritten (documents/registry.ts decides).

import { z } from 'zod';

/**
 * Order in which a new device receives documents (docs/protocol/sync.md §4). Visible to the provider.
 * 0 account: mailboxes, keys, settings. 1 summary: what a list shows. 2 content: bodies.
 */
export const DOCUMENT_CLASSES = { account: 0, summary: 1, content: 2 } as const;
export type DocumentClass = (typeof DOCUMENT_CLASSES)[keyof typeof DOCUMENT_CLASSES];

/** Over any buffer: octets that come from Node are not told apart by what backs them. */
export const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);
export const epochMs = z.number().int().nonnegative();
export const octetCount = z.number().int().nonnegative();

/**
 * Logical clock of one mark (one keyword, one mailbox membership, one setting): the larger counter wins, the larger
 * replica uid breaks a tie. So marks merge one by one, and two devices that marked different things both keep them.
 */
export const markClock = z.object({ counter: z.number().int().nonnegative(), replica: z.string() });
export type MarkClock = z.infer<typeof markClock>;

export function isLaterMark(left: MarkClock, right: MarkClock): boolean {
  return left.counter !== right.counter ? left.counter > right.counter : left.replica > right.replica;
}
