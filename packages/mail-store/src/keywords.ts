// Keywords of an email: RFC 8621 §4.1.1. Case-insensitive, kept in lower case.

/** Keywords set on one email. Each is kept and synced for ever, also when cleared. */
export const MAX_KEYWORDS = 128;

// RFC 8621 §4.1.1: 1 to 255 characters %x21–%x7e without ( ) { ] % * " \
const KEYWORD = /^[\x21\x23\x24\x26\x27\x2b-\x5b\x5e-\x7a\x7c\x7e]{1,255}$/;
// A keyword becomes the name of an object's property; this one would set the prototype instead.
const UNUSABLE_NAME = '__proto__';

/** Lower case, each once, sorted; what RFC 8621 §4.1.1 does not allow is left out. */
export function canonicalKeywords(keywords: readonly string[]): string[] {
  const allowed = keywords.map((keyword) => keyword.toLowerCase()).filter((keyword) => KEYWORD.test(keyword) && keyword !== UNUSABLE_NAME);
  return [...new Set(allowed)].sort();
}

export interface KeywordChange {
  addKeywords?: readonly string[];
  removeKeywords?: readonly string[];
  setKeywords?: readonly string[];
}

/** The keywords after a change, canonical. */
export function keywordsAfter(before: readonly string[], change: KeywordChange): readonly string[] {
  if (!change.setKeywords && !change.addKeywords && !change.removeKeywords) return before;
  const after = new Set(canonicalKeywords(change.setKeywords ?? before));
  for (const keyword of canonicalKeywords(change.addKeywords ?? [])) after.add(keyword);
  for (const keyword of canonicalKeywords(change.removeKeywords ?? [])) after.delete(keyword);
  return [...after].sort();
}
