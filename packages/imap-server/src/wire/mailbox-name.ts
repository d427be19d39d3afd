import { decodeModifiedUtf7, encodeModifiedUtf7 } from './modified-utf7.js';
import { formatAString, formatUtf8AString } from './string.js';

/** Hierarchy separator. */
export const DELIMITER = '/';

const INBOX = /^inbox(?=\/|$)/i;
const NON_ASCII = /[^\x00-\x7f]/;

/**
 * A mailbox name as the store knows it. INBOX is the same in any case (RFC 3501 §5.1), and so is the parent in
 * `inbox/x`. Raw UTF-8, which some programs send, is taken as it is; malformed modified UTF-7 too, as it can then only
 * fail to be found.
 */
export function parseMailboxName(text: string, { isUtf8 = false } = {}): string {
  const name = isUtf8 || NON_ASCII.test(text) ? text : (decodeModifiedUtf7(text) ?? text);
  return name.normalize('NFC').replace(INBOX, 'INBOX');
}

/** A mailbox as answers name it: in modified UTF-7, or in UTF-8 for clients that asked for it. */
export function formatMailboxName(name: string, { isUtf8 }: { isUtf8: boolean }): string {
  return isUtf8 ? formatUtf8AString(name) : formatAString(encodeModifiedUtf7(name));
}
