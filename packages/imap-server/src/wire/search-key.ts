// search-key     RFC 3501 §9, with MODSEQ (RFC 7162), OLDER and YOUNGER (RFC 5032), EMAILID and THREADID (RFC 8474),
// SAVEDBEFORE, SAVEDON, SAVEDSINCE and SAVEDATESUPPORTED (RFC 8514)

import { MAX_NESTING, type CommandReader } from './command-reader.js';
import { parseFlag } from './flag.js';
import type { SequenceSet } from './sequence-set.js';

export type TextField = 'text' | 'body' | 'from' | 'to' | 'cc' | 'bcc' | 'subject';
export type DateField = 'received' | 'sent' | 'saved';

export type SearchKey =
  | { key: 'all' | 'none' }
  | { key: 'and'; keys: readonly SearchKey[] }
  | { key: 'or'; left: SearchKey; right: SearchKey }
  | { key: 'not'; operand: SearchKey }
  | { key: 'sequence' | 'uid'; set: SequenceSet }
  | { key: 'keyword'; keyword: string }
  | { key: 'deleted' }
  /** Days in UTC: on or after the first, before the second. */
  | { key: 'date'; field: DateField; fromMs: number | null; beforeMs: number | null }
  | { key: 'larger' | 'smaller'; sizeBytes: number }
  | { key: 'older' | 'younger'; seconds: number }
  | { key: 'modSeq'; modSeq: number }
  | { key: 'emailId' | 'threadId'; id: string }
  | { key: 'text'; field: TextField; text: string }
  | { key: 'header'; fieldName: string; text: string };

/** Keys of one command. Each may cost one query of the store. */
const MAX_KEYS = 500;
const DAY_MS = 86_400_000;

const KEYWORD_WORDS: ReadonlyMap<string, string> = new Map([
  ['ANSWERED', '$answered'], ['DRAFT', '$draft'], ['FLAGGED', '$flagged'], ['SEEN', '$seen'],
]);
const TEXT_WORDS: ReadonlyMap<string, TextField> = new Map([
  ['BCC', 'bcc'], ['BODY', 'body'], ['CC', 'cc'], ['FROM', 'from'], ['SUBJECT', 'subject'], ['TEXT', 'text'], ['TO', 'to'],
]);
const DATE_WORD = /^(SENT|SAVED)?(BEFORE|ON|SINCE)$/;

const not = (operand: SearchKey): SearchKey => ({ key: 'not', operand });

/** One key or more, all of which must hold. */
export function readSearchKeys(reader: CommandReader): SearchKey {
  const budget = { keys: MAX_KEYS };
  return conjunction(reader.items(() => readSearchKey(reader, MAX_NESTING, budget)));
}

function conjunction(keys: readonly SearchKey[]): SearchKey {
  return keys.length === 1 ? keys[0]! : { key: 'and', keys };
}

function readSearchKey(reader: CommandReader, depth: number, budget: { keys: number }): SearchKey {
  if (depth === 0) reader.fail('less nesting');
  if (budget.keys-- === 0) reader.fail('fewer search keys');
  const inner = (): SearchKey => readSearchKey(reader, depth - 1, budget);
  if (reader.startsWith('(')) return conjunction(reader.list(inner));
  if (reader.atSequenceSet) return { key: 'sequence', set: reader.sequenceSet() };
  const word = reader.word();
  if (word === 'NOT') return readNot(reader, inner);
  if (word === 'OR') return readOr(reader, inner);
  return readSimpleKey(reader, word) ?? readDateKey(reader, word) ?? readArgumentKey(reader, word);
}

function readNot(reader: CommandReader, inner: () => SearchKey): SearchKey {
  reader.space();
  return not(inner());
}

function readOr(reader: CommandReader, inner: () => SearchKey): SearchKey {
  reader.space();
  const left = inner();
  reader.space();
  return { key: 'or', left, right: inner() };
}

/** Keys without argument. */
function readSimpleKey(reader: CommandReader, word: string): SearchKey | null {
  const keyword = KEYWORD_WORDS.get(word);
  if (keyword) return { key: 'keyword', keyword };
  const opposite = KEYWORD_WORDS.get(word.replace(/^UN/, ''));
  if (opposite) return not({ key: 'keyword', keyword: opposite });
  switch (word) {
    case 'ALL': case 'OLD': case 'SAVEDATESUPPORTED': return { key: 'all' };
    // No message is \Recent here (README): none is recent or new, all are old.
    case 'RECENT': case 'NEW': return { key: 'none' };
    case 'DELETED': return { key: 'deleted' };
    case 'UNDELETED': return not({ key: 'deleted' });
    default: return null;
  }
}

function readDateKey(reader: CommandReader, word: string): SearchKey | null {
  const match = DATE_WORD.exec(word);
  if (!match) return null;
  reader.space();
  const dayMs = reader.date();
  const field = match[1] === 'SENT' ? 'sent' : match[1] === 'SAVED' ? 'saved' : 'received';
  const fromMs = match[2] === 'BEFORE' ? null : dayMs;
  const beforeMs = match[2] === 'BEFORE' ? dayMs : match[2] === 'ON' ? dayMs + DAY_MS : null;
  return { key: 'date', field, fromMs, beforeMs };
}

function readArgumentKey(reader: CommandReader, word: string): SearchKey {
  const field = TEXT_WORDS.get(word);
  if (!field && !ARGUMENT_WORDS.has(word)) reader.fail('search key');
  reader.space();
  if (field) return { key: 'text', field, text: reader.astring() };
  return ARGUMENT_WORDS.get(word)!(reader);
}

const readKeyword = (reader: CommandReader): SearchKey => {
  const flag = parseFlag(reader.atom());
  return flag && flag !== 'deleted' ? { key: 'keyword', keyword: flag.keyword } : reader.fail('keyword');
};

const readHeader = (reader: CommandReader): SearchKey => {
  const fieldName = reader.astring();
  reader.space();
  return { key: 'header', fieldName, text: reader.astring() };
};

// search-modsequence = "MODSEQ" [search-modseq-ext] SP mod-sequence-valzer     RFC 7162 §7. The modseq of a message is
// that of its last change of any flag, so the entry name (`"/flags/\\draft" all`) is read and not used.
const readModSeq = (reader: CommandReader): SearchKey => {
  if (reader.startsWith('"')) {
    reader.string();
    reader.space();
    if (!['PRIV', 'SHARED', 'ALL'].includes(reader.word())) reader.fail('entry type');
    reader.space();
  }
  return { key: 'modSeq', modSeq: reader.modSeq() };
};

const ARGUMENT_WORDS: ReadonlyMap<string, (reader: CommandReader) => SearchKey> = new Map([
  ['KEYWORD', readKeyword],
  ['UNKEYWORD', (reader) => not(readKeyword(reader))],
  ['HEADER', readHeader],
  ['LARGER', (reader) => ({ key: 'larger', sizeBytes: reader.number64() })],
  ['SMALLER', (reader) => ({ key: 'smaller', sizeBytes: reader.number64() })],
  ['OLDER', (reader) => ({ key: 'older', seconds: reader.number() })],
  ['YOUNGER', (reader) => ({ key: 'younger', seconds: reader.number() })],
  ['UID', (reader) => ({ key: 'uid', set: reader.sequenceSet() })],
  ['MODSEQ', readModSeq],
  ['EMAILID', (reader) => ({ key: 'emailId', id: reader.atom() })],
  ['THREADID', (reader) => ({ key: 'threadId', id: reader.atom() })],
] satisfies [string, (reader: CommandReader) => SearchKey][]);

/** Whether a key, or one within it, is such. */
export function someKey(key: SearchKey, isSuch: (key: SearchKey) => boolean): boolean {
  switch (key.key) {
    case 'and': return key.keys.some((inner) => someKey(inner, isSuch));
    case 'or': return someKey(key.left, isSuch) || someKey(key.right, isSuch);
    case 'not': return someKey(key.operand, isSuch);
    default: return isSuch(key);
  }
}

/** Whether a key tests the mod-sequence; the answer then tells the highest one (RFC 7162 §3.1.5). */
export function usesModSeq(key: SearchKey): boolean {
  return someKey(key, (inner) => inner.key === 'modSeq');
}

/** Whether a key names messages by sequence number; `$` does not. */
export function usesNumbers(key: SearchKey): boolean {
  return someKey(key, (inner) => inner.key === 'sequence' && inner.set !== '$');
}
