// string = quoted / literal;  nstring = string / nil     RFC 3501 §9

/** Longer strings go as literals: a quoted string must fit on a line, and some programs read lines into small buffers. */
const MAX_QUOTED_CHARS = 1000;
// quoted = DQUOTE *QUOTED-CHAR DQUOTE; TEXT-CHAR is 7-bit without CR, LF and (CHAR) NUL
const QUOTABLE = /^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/;
const ATOM = /^[^\x00-\x20\x7f-\uffff(){%*"\\\]]+$/;

/** A string to be written as UTF-8: quoted where the grammar allows, otherwise a literal. NUL, which no string may hold, is left out. */
export function formatString(text: string): string {
  const value = text.replaceAll('\0', '');
  if (value.length <= MAX_QUOTED_CHARS && QUOTABLE.test(value)) return `"${value.replace(/["\\]/g, '\\$&')}"`;
  return `{${Buffer.byteLength(value)}}\r\n${value}`;
}

/** An astring for clients that take UTF-8 in quoted strings (RFC 6855 §3, RFC 9051 §4.3). */
export function formatUtf8AString(value: string): string {
  const isQuotable = value.length <= MAX_QUOTED_CHARS && !/[\0\r\n]/.test(value) && value.isWellFormed();
  return isQuotable && !/^[\x01-\x7f]*$/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : formatAString(value);
}

export function formatNString(value: string | null): string {
  return value === null ? 'NIL' : formatString(value);
}

/** An atom where that is enough, otherwise a string. `NIL` is quoted: as an atom it would be read as nothing. */
export function formatAString(value: string): string {
  return ATOM.test(value) && value.toUpperCase() !== 'NIL' ? value : formatString(value);
}
