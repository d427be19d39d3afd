// A change of one email's keywords and mailboxes: shown at once, sent as a PatchObject (RFC 8620 §5.3), undone by its inverse.

import type { Email, MailboxId } from './types.js';

/** `true` puts the mark on, `false` takes it off; what is not named stays. */
export interface EmailPatch {
  keywords?: Readonly<Record<string, boolean>>;
  mailboxIds?: Readonly<Record<MailboxId, boolean>>;
}

type Marks = Readonly<Record<string, boolean>>;

export function applyPatch(email: Email, patch: EmailPatch): Email {
  return { ...email, keywords: withMarks(email.keywords, patch.keywords), mailboxIds: withMarks(email.mailboxIds, patch.mailboxIds) };
}

/** The patch that brings back what `email` has now wherever `patch` would change it. */
export function invertPatch(email: Email, patch: EmailPatch): EmailPatch {
  return { keywords: invertMarks(email.keywords, patch.keywords), mailboxIds: invertMarks(email.mailboxIds, patch.mailboxIds) };
}

export function toPatchObject(patch: EmailPatch): Record<string, true | null> {
  return { ...pointers('keywords', patch.keywords), ...pointers('mailboxIds', patch.mailboxIds) };
}

function withMarks<Present extends Record<string, true>>(present: Present, marks: Marks = {}): Present {
  const entries = Object.entries({ ...present, ...marks }).filter(([, isOn]) => isOn);
  return Object.fromEntries(entries) as Present;
}

const invertMarks = (present: Record<string, true>, marks: Marks = {}): Record<string, boolean> =>
  Object.fromEntries(Object.keys(marks).map((name) => [name, name in present]));

/** RFC 6901 §3 escapes; keywords may contain both characters. */
const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const pointers = (property: string, marks: Marks = {}): Record<string, true | null> =>
  Object.fromEntries(Object.entries(marks).map(([name, isOn]) => [`${property}/${escapePointer(name)}`, isOn ? true : null]));
