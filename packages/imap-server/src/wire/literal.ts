/** What ends a line when a literal follows, e.g. `{310}` or `~{310+}`. */
export interface LiteralHeader {
  sizeBytes: number;
  /** The sender waits for a continuation request before the octets. */
  isSynchronizing: boolean;
  /** `~{…}`: may hold NUL, RFC 3516 §4.4. */
  isLiteral8: boolean;
  /** Length of the line without the announcement. */
  textLength: number;
}

// literal = "{" number64 ["+"] "}" CRLF *CHAR8     RFC 9051 §9; "+" is RFC 7888 §4
const ANNOUNCEMENT = /(~?)\{(\d{1,19})(\+?)\}$/;
const LONGEST_ANNOUNCEMENT = '~{9223372036854775807+}'.length;

/** The literal that a line (without CRLF) announces; null when it announces none. */
export function parseLiteralHeader(line: string): LiteralHeader | null {
  if (!line.endsWith('}')) return null;
  const match = ANNOUNCEMENT.exec(line.slice(-LONGEST_ANNOUNCEMENT));
  if (!match) return null;
  return {
    sizeBytes: Number(match[2]),
    isSynchronizing: match[3] === '',
    isLiteral8: match[1] !== '',
    textLength: line.length - match[0].length,
  };
}
