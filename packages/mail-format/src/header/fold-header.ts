import { MailFormatError } from '../mail-format-error.js';

/** RFC 5322 §2.1.1: lines should have at most 78 characters, without the line end. */
export const PREFERRED_LINE_CHARS = 78;

/**
 * One header field with its line end, folded before white space (RFC 5322 §2.2.3) so that lines stay within 78 characters
 * where there is white space to fold at. Line ends and NUL in the value become spaces: a value cannot add a field.
 * @throws {MailFormatError} "invalidFieldName"
 */
export function foldHeader(name: string, value: string): string {
  if (!/^[\x21-\x39\x3b-\x7e]{1,76}$/.test(name)) throw new MailFormatError('invalidFieldName', 'not a header field name');
  const words = value.replace(/[\r\n\0]+/g, ' ').trimEnd().match(/[ \t]*[^ \t]+/g) ?? [];
  let folded = `${name}:`;
  let column = folded.length;
  for (const [index, word] of words.entries()) {
    const text = index === 0 ? ` ${word.trimStart()}` : word;
    const isFoldDue = index > 0 && column + text.length > PREFERRED_LINE_CHARS;
    folded += (isFoldDue ? '\r\n' : '') + text;
    column = (isFoldDue ? 0 : column) + text.length;
  }
  return `${folded}\r\n`;
}
