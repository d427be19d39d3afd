import { z } from 'zod';
import { bytes, epochMs } from './document.js';

/** One note; `null` when it was taken away, kept so that a merge knows that. */
export const annotationMark = z.object({ value: bytes.nullable(), changedAtMs: epochMs });
export type AnnotationMark = z.infer<typeof annotationMark>;

/**
 * `annotations:<mailboxId>`, and `annotations:account`: notes that programs keep with a mailbox or with the account, by name
 * (RFC 5464). Their values mean nothing here.
 */
export const annotationsDocument = z.object({
  mailboxId: z.string().nullable(),
  entries: z.record(z.string(), annotationMark),
});
export type AnnotationsDocument = z.infer<typeof annotationsDocument>;

/** The later change of each entry counts; of the same moment, what stays, then the larger octets. Commutative, associative, idempotent. */
export function mergeAnnotationsDocuments(left: AnnotationsDocument, right: AnnotationsDocument): AnnotationsDocument {
  const merged = new Map(Object.entries(left.entries));
  for (const [name, mark] of Object.entries(right.entries)) {
    const other = merged.get(name);
    if (!other || isLater(mark, other)) merged.set(name, mark);
  }
  return { mailboxId: left.mailboxId, entries: Object.fromEntries([...merged].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function isLater(left: AnnotationMark, right: AnnotationMark): boolean {
  if (left.changedAtMs !== right.changedAtMs) return left.changedAtMs > right.changedAtMs;
  if (left.value === null || right.value === null) return left.value !== null;
  return isLarger(left.value, right.value);
}

/** The octets in their order, then the length. */
function isLarger(left: Uint8Array, right: Uint8Array): boolean {
  const place = left.findIndex((octet, index) => octet !== right[index]);
  return place < 0 ? false : place >= right.length || left[place]! > right[place]!;
}
