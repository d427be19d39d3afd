// How texts are compared in searches and sorts: the same in memory, in SQL and in the full-text index, because all three
// see text only in this form.

/**
 * Lower case, composed (NFC), without NUL (which ends a text in SQLite) and lone surrogates (which UTF-8 cannot hold). A sigma is the same
 * at the end of a word: else what is found would hang on what stands behind it.
 */
export function foldText(text: string): string {
  return text.toWellFormed().replaceAll('\0', ' ').normalize('NFC').toLowerCase().normalize('NFC').replaceAll('ς', 'σ');
}

/** By code point, as SQLite's BINARY collation orders UTF-8; `<` on strings would order by UTF-16 unit. */
export function compareText(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index++) {
    if (left[index] !== right[index]) return codePointOrder(left, index) - codePointOrder(right, index);
  }
  return left.length - right.length;
}

// Surrogates sort after U+E000..U+FFFF in code point order, before them in UTF-16.
function codePointOrder(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
