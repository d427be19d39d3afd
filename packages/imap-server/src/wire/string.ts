// Strings and atoms of answers. `string` and `nstring` are those of mail-format, which writes ENVELOPE and BODYSTRUCTURE with them.

import { formatImapString, MAX_QUOTED_CHARS } from '@paloma/mail-format';

export { formatImapNString as formatNString, formatImapString as formatString } from '@paloma/mail-format';

const ATOM = /^[^\x00-\x20\x7f-\uffff(){%*"\\\]]+$/;

/** An astring for clients that take UTF-8 in quoted strings (RFC 6855 §3, RFC 9051 §4.3). */
export function formatUtf8AString(value: string): string {
  const isQuotable = value.length <= MAX_QUOTED_CHARS && !/[\0\r\n]/.test(value) && value.isWellFormed();
  return isQuotable && !/^[\x01-\x7f]*$/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : formatAString(value);
}

/** An atom where that is enough, otherwise a string. `NIL` is quoted: as an atom it would be read as nothing. */
export function formatAString(value: string): string {
  return ATOM.test(value) && value.toUpperCase() !== 'NIL' ? value : formatImapString(value);
}
