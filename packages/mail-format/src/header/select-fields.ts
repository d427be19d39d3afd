// Some fields of a header block, octet for octet: what IMAP calls HEADER.FIELDS (RFC 9051 §6.4.5). Asked of whole mailboxes, so
// nothing is decoded.

import { MAX_HEADER_FIELDS } from '../limits.js';
import { LineCursor } from '../octets/line-cursor.js';
import { CR, LF } from '../octets/octets.js';
import { FieldNames } from './field-names.js';
import { fieldNameEnd, readContinuation } from './header-field.js';

const CRLF = new Uint8Array([CR, LF]);

/** Names in lower case. */
export interface FieldSelection {
  names: ReadonlySet<string>;
  /** All fields but these. */
  areExcluded: boolean;
}

/** Whole fields in their order, and the empty line where the block has one; in pieces, which are views of the block. */
export function selectFields(block: Uint8Array, { names, areExcluded }: FieldSelection): Uint8Array[] {
  const wanted = FieldNames.of(names);
  const cursor = new LineCursor(block);
  const chosen: { start: number; end: number }[] = [];
  for (let fields = 0; fields < MAX_HEADER_FIELDS && cursor.next() && !cursor.isLineEmpty;) {
    const start = cursor.lineStart;
    const nameEnd = fieldNameEnd(block, start, cursor.lineEnd);
    readContinuation(cursor);
    if (nameEnd <= start) continue;
    fields += 1;
    if (wanted.has(block, start, nameEnd) === areExcluded) continue;
    const last = chosen.at(-1);
    if (last?.end === start) last.end = cursor.position;
    else chosen.push({ start, end: cursor.position });
  }
  const pieces = chosen.map(({ start, end }) => block.subarray(start, end));
  return endsWithEmptyLine(block) ? [...pieces, CRLF] : pieces;
}

/** A line end behind a line end, or alone; each with or without CR. */
function endsWithEmptyLine(block: Uint8Array): boolean {
  const end = block.length - 1;
  if (block[end] !== LF) return false;
  const before = block[end - 1] === CR ? end - 2 : end - 1;
  return before < 0 || block[before] === LF;
}
