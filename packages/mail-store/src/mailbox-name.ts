// Names of mailboxes: full paths, levels separated by `/`.

export const HIERARCHY_SEPARATOR = '/';
/** In characters of the whole path, as the mailbox document has it. */
export const MAX_MAILBOX_NAME_CHARS = 1000;
/** Levels of the tree; a path of a thousand levels would make a thousand parents. */
export const MAX_MAILBOX_LEVELS = 32;

const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** RFC 9051 §5.1: INBOX in any case is the inbox; elsewhere case counts. NFC, as RFC 5198 (Net-Unicode) asks. `null`: not a name. */
export function parseMailboxName(text: string): string | null {
  const name = text.toWellFormed().normalize('NFC').replace(/^inbox(?=\/|$)/i, 'INBOX');
  const levels = name.split(HIERARCHY_SEPARATOR);
  const isAllowed = name.length <= MAX_MAILBOX_NAME_CHARS && levels.length <= MAX_MAILBOX_LEVELS
    && levels.every((level) => level.trim() !== '') && !CONTROL_CHARACTER.test(name);
  return isAllowed ? name : null;
}

export function parentNameOf(name: string): string | null {
  const separator = name.lastIndexOf(HIERARCHY_SEPARATOR);
  return separator < 0 ? null : name.slice(0, separator);
}

/** Names of all levels above, outermost first. */
export function ancestorNamesOf(name: string): string[] {
  const parent = parentNameOf(name);
  return parent === null ? [] : [...ancestorNamesOf(parent), parent];
}

export function isBelow(name: string, ancestor: string): boolean {
  return name.startsWith(ancestor + HIERARCHY_SEPARATOR);
}
