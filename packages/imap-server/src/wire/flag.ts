// Flags on the wire against keywords in the store. The four system flags have JMAP spellings (RFC 8621 §4.1.1); other
// keywords keep their name. `\Deleted` is no keyword: it belongs to one mailbox, not to the email.

const KEYWORD_BY_SYSTEM_FLAG: ReadonlyMap<string, string> = new Map([
  ['\\seen', '$seen'], ['\\flagged', '$flagged'], ['\\answered', '$answered'], ['\\draft', '$draft'],
]);
const SYSTEM_FLAG_BY_KEYWORD: ReadonlyMap<string, string> = new Map([
  ['$seen', '\\Seen'], ['$flagged', '\\Flagged'], ['$answered', '\\Answered'], ['$draft', '\\Draft'],
]);

export const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'] as const;

/** Flags of a command: keywords in JMAP spelling, and `\Deleted` apart. */
export interface FlagSet {
  keywords: readonly string[];
  isDeleted: boolean;
}

/**
 * The keyword a flag stands for; `\Deleted` is answered as `'deleted'`, an unknown system flag as null. Keywords are the
 * same in any case (RFC 3501 §2.3.2) and JMAP writes them in lower case, so the store keeps them so.
 */
export function parseFlag(text: string): { keyword: string } | 'deleted' | null {
  const folded = text.toLowerCase();
  if (folded === '\\deleted') return 'deleted';
  if (!folded.startsWith('\\')) return { keyword: folded };
  const keyword = KEYWORD_BY_SYSTEM_FLAG.get(folded);
  return keyword === undefined ? null : { keyword };
}

/** Whether a keyword is one of the flags that every mailbox has. */
export function isSystemKeyword(keyword: string): boolean {
  return SYSTEM_FLAG_BY_KEYWORD.has(keyword);
}

export function formatKeyword(keyword: string): string {
  return SYSTEM_FLAG_BY_KEYWORD.get(keyword) ?? keyword;
}

/** `(\Seen $forwarded)` */
export function formatFlags(flags: FlagSet): string {
  const names = flags.keywords.map(formatKeyword);
  return `(${[...names, ...(flags.isDeleted ? ['\\Deleted'] : [])].join(' ')})`;
}
