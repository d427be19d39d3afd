// The subject that two messages of one conversation have in common: RFC 5256 §2.1 "base subject", with the reply and
// forward prefixes that mail programs write in other languages. Used for threads (RFC 8621 §3) and for sorting.

/** Subjects are compared up to here; without a bound a hostile header of megabytes would be scanned again and again. */
const MAX_SUBJECT_CHARS = 1000;

// "re" / ("fw" ["d"]) of RFC 5256, and what localized programs put there (German, Nordic, Dutch, French, Italian,
// Spanish, Portuguese, Polish, Czech, Turkish).
const PREFIX_WORDS = 're|fwd?|aw|wg|antw|sv|vs|vb|vl|doorst|tr|rif|i|res|enc|rv|odp|pd|ynt|ilt';
const REPLY_PREFIX = new RegExp(`^(?:${PREFIX_WORDS})\\s*(?:\\[[^[\\]]*\\]\\s*)?:\\s*`, 'i');
const LEADING_BLOB = /^\[[^[\]]*\]\s*/;
const TRAILING_FORWARD_MARK = /\s*\(fwd\)$/i;
const FORWARD_WRAPPER = /^\[fwd:(.*)\]$/i;

/** `subject` is decoded (RFC 2047). The answer is in the case it was written in; fold it to compare. */
export function normalizedSubject(subject: string): string {
  let rest = subject.slice(0, MAX_SUBJECT_CHARS).replace(/\s+/g, ' ').trim();
  for (;;) {
    const shorter = withoutWrapper(withoutLeaders(withoutTrailingMarks(rest)));
    if (shorter === rest) return rest;
    rest = shorter;
  }
}

function withoutTrailingMarks(subject: string): string {
  let rest = subject;
  while (TRAILING_FORWARD_MARK.test(rest)) rest = rest.replace(TRAILING_FORWARD_MARK, '');
  return rest;
}

function withoutLeaders(subject: string): string {
  let rest = subject;
  for (;;) {
    const shorter = withoutBlobsBeforePrefix(rest);
    if (shorter === rest) return withoutLeadingBlob(rest);
    rest = shorter;
  }
}

// subj-leader = (*subj-blob subj-refwd) / WSP
function withoutBlobsBeforePrefix(subject: string): string {
  let afterBlobs = subject;
  while (LEADING_BLOB.test(afterBlobs)) afterBlobs = afterBlobs.replace(LEADING_BLOB, '');
  return REPLY_PREFIX.test(afterBlobs) ? afterBlobs.replace(REPLY_PREFIX, '') : subject;
}

// A list name in brackets goes only when something is left, RFC 5256 §2.1 (4).
function withoutLeadingBlob(subject: string): string {
  return subject.replace(LEADING_BLOB, '') || subject;
}

function withoutWrapper(subject: string): string {
  return FORWARD_WRAPPER.exec(subject)?.[1]?.trim() ?? subject;
}
