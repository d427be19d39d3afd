import type { Annotation, Mailbox, MailStore } from '@paloma/mail-store/port';
import { specialUseOf } from '../wire/special-use.js';

/** RFC 6154 §4: the use of a mailbox is an entry, too. It follows from the mailbox and is not kept with the others. */
export const SPECIAL_USE_ENTRY = '/private/specialuse';

/** What a client is told of a mailbox, or of the account (null); null when the mailbox is gone. */
export async function toldAnnotations(store: MailStore, annotated: Mailbox | null): Promise<Annotation[] | null> {
  const kept = await store.annotationsOf(annotated?.mailboxId ?? null);
  const use = annotated && specialUseOf(annotated);
  return kept && use ? [...kept, { name: SPECIAL_USE_ENTRY, value: Buffer.from(use) }] : kept;
}
