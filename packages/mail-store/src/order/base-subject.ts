// The subject without what replies and forwards put around it: base subject, RFC 5256 §2.1. The rules are applied until
// none changes anything; each makes the text shorter, so that ends.

/** Subjects are compared up to here: the rules look at a text again and again. */
const MAX_SUBJECT_CHARS = 1000;

// subj-trailer = "(fwd)" / WSP
const TRAILER = /(?:\s*\(fwd\))+$/i;
// subj-leader = (*subj-blob subj-refwd) / WSP;  subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
const LEADER = /^(?:\[[^[\]]*\]\s*)*(?:re|fwd?)\s*(?:\[[^[\]]*\]\s*)?:\s*/i;
// subj-blob = "[" *BLOBCHAR "]" *WSP
const BLOB = /^\[[^[\]]*\]\s*/;
// subj-fwd = subj-fwd-hdr subject subj-fwd-trl
const FORWARD = /^\[fwd:(.*)\]$/i;

export interface ParsedSubject {
  base: string;
  /** Something was taken away that only a reply or a forward has. */
  isReply: boolean;
}

/** `subject` is decoded (RFC 2047). */
export function parseSubject(subject: string): ParsedSubject {
  let base = subject.slice(0, MAX_SUBJECT_CHARS).replace(/\s+/g, ' ').trim();
  let isReply = false;
  for (let before = ''; before !== base;) {
    before = base;
    const bare = base.replace(TRAILER, '').trim().replace(LEADER, '');
    const rest = withoutBlob(bare);
    const forwarded = FORWARD.exec(rest)?.[1];
    isReply ||= bare !== base || forwarded !== undefined;
    base = (forwarded ?? rest).trim();
  }
  return { base, isReply };
}

/** RFC 5256 §2.1 (4): a blob stays when nothing else is left. */
function withoutBlob(subject: string): string {
  return subject.replace(BLOB, '') || subject;
}
