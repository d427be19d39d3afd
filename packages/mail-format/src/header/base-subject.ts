// The subject without what replying and forwarding add: the base subject of RFC 5256 §2.1, used for threads and sorting.

/** Subjects are looked at this far: prefixes are peeled off one by one. */
const MAX_SUBJECT_CHARS = 1_000;

// subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"    subj-blob = "[" *BLOBCHAR "]" *WSP    RFC 5256 §5
// Aw, Sv, Antw, Wg, Tr, Rv and Enc are what German, Nordic, Dutch, French, Spanish and Portuguese programs write instead.
const REPLY_PREFIX = /^(?:re|fwd?|aw|antw|wg|sv|vs|tr|rv|enc)[ \t]*(?:\[[^[\]]*\][ \t]*)?:[ \t]*/i;
const BLOB = /^\[[^[\]]*\][ \t]*(?=\S)/;
const TRAILER = /\(fwd\)$/i;

/** Takes a decoded subject. A mailing list's `[name]` goes too, unless nothing would be left. */
export function baseSubject(subject: string): string {
  let base = subject.slice(0, MAX_SUBJECT_CHARS).replace(/\s+/g, ' ').trim();
  for (;;) {
    const shorter = peel(base);
    if (shorter === base) return base;
    base = shorter;
  }
}

function peel(text: string): string {
  const wrapped = /^\[fwd:(.*)\]$/i.exec(text);
  if (wrapped !== null) return (wrapped[1] ?? '').trim();
  return text.replace(TRAILER, '').trimEnd().replace(REPLY_PREFIX, '').replace(BLOB, '');
}
