// string = quoted / literal;  nstring = string / nil     RFC 3501 §9

import { encodeUtf8 } from '../octets/octets.js';

/** Longer strings go as literals: a quoted string must fit on a line, and some programs read lines into small buffers. */
export const MAX_QUOTED_CHARS = 1000;
// quoted = DQUOTE *QUOTED-CHAR DQUOTE; TEXT-CHAR is 7-bit without CR, LF and (CHAR) NUL
const QUOTABLE = /^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/;
/** What most strings are: quoted, and nothing in them to be escaped. */
const PLAIN = /^[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x5b\x5d-\x7f]*$/;

/** A string to be written as UTF-8: quoted where the grammar allows, otherwise a literal. NUL, which no string may hold, is left out. */
export function formatImapString(text: string): string {
  if (text.length <= MAX_QUOTED_CHARS && PLAIN.test(text)) return `"${text}"`;
  const value = text.replaceAll('\0', '');
  if (value.length <= MAX_QUOTED_CHARS && QUOTABLE.test(value)) return `"${value.replace(/["\\]/g, '\\$&')}"`;
  return `{${encodeUtf8(value).length}}\r\n${value}`;
}

export function formatImapNString(value: string | null): string {
  return value === null ? 'NIL' : formatImapString(value);
}
