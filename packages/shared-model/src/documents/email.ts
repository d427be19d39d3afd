import { z } from 'zod';
import { epochMs, isLaterMark, markClock } from './document.js';

/** One keyword of an email; kept when cleared, so that a merge knows it was cleared later than it was set. */
export const keywordMark = z.object({ isSet: z.boolean(), clock: markClock });
export type KeywordMark = z.infer<typeof keywordMark>;

/** Membership of one mailbox; kept when removed, for the same reason. `isDeleted` is IMAP's `\Deleted`. */
export const mailboxMark = z.object({ isMember: z.boolean(), isDeleted: z.boolean(), addedAtMs: epochMs, clock: markClock });
export type MailboxMark = z.infer<typeof mailboxMark>;

/** `email:<emailId>`: what a user files and marks. The message itself is immutable and may be shared. */
export const emailDocument = z.object({
  emailId: z.string(),
  messageId: z.string(),
  receivedAtMs: epochMs,
  keywords: z.record(z.string(), keywordMark),
  mailboxes: z.record(z.string(), mailboxMark),
});
export type EmailDocument = z.infer<typeof emailDocument>;

/** Merges two concurrent states mark by mark; commutative, associative and idempotent. */
export function mergeEmailDocuments(left: EmailDocument, right: EmailDocument): EmailDocument {
  return {
    ...left,
    receivedAtMs: Math.min(left.receivedAtMs, right.receivedAtMs),
    keywords: mergeMarks(left.keywords, right.keywords),
    mailboxes: mergeMarks(left.mailboxes, right.mailboxes),
  };
}

/** Through a Map and `Object.fromEntries`: a keyword `__proto__` from a foreign program is a name like any other. */
function mergeMarks<Mark extends { clock: z.infer<typeof markClock> }>(left: Record<string, Mark>, right: Record<string, Mark>): Record<string, Mark> {
  const merged = new Map(Object.entries(left));
  for (const [name, mark] of Object.entries(right)) {
    const other = merged.get(name);
    if (!other || isLaterMark(mark.clock, other.clock)) merged.set(name, mark);
  }
  return Object.fromEntries([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}
