import { no } from '../completion.js';
import type { CommandReader } from '../wire/command-reader.js';

/** Text is read as UTF-8, which holds US-ASCII. */
const CHARSETS: ReadonlySet<string> = new Set(['UTF-8', 'US-ASCII']);

export const BAD_CHARSET = no('this charset is not known here', 'BADCHARSET (UTF-8 US-ASCII)');

export function isKnownCharset(charset: string): boolean {
  return CHARSETS.has(charset);
}

/** A charset and the space after it. */
export function readCharset(reader: CommandReader): string {
  const charset = reader.astring().toUpperCase();
  reader.space();
  return charset;
}
