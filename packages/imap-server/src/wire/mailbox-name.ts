import { decodeModifiedUtf7, encodeModifiedUtf7 } from './modified-utf7.js';

/** Hierarchy separator. */
export const DELIMITER = '/';

const INBOX = /^inbox(?=\/|$)/i;
const NON_ASCII = /[^\x00-\x7f]/;

/**
 * A mailbox name as the store knows it. INBOX is the same in any case (RFC 3501 §5.1), and so is the parent in
 * `inbox/x`. Raw UTF-8, which some programs send, is taken as it is; malformed modified UTF-7 too, as it can then only
 * fail to be found.
 */
export function parseMailboxName(text: string): string {
  const name = NON_ASCII.test(text) ? text : (decodeModifiedUtf7(text) ?? text);
  return name.normalize('NFC').replace(INBOX, 'INBOX');
}

/** The name in modified UTF-7, not yet quoted. */
export function formatMailboxName(name: string): string {
  return encodeModifiedUtf7(name);
}
