// Filters and sorts as SQL over `mail_email e JOIN mail_message m`. Same answers as memory-query.ts, from indexes.

import type { SqlValue } from '@paloma/document-store';
import { foldText } from '../folded-text.js';
import type { EmailCondition, EmailFilter, EmailSort } from '../port/index.js';
import { TEXT_CONDITIONS, type TextCondition } from '../searchable-message.js';
import { TEXT_COLUMNS, type TextColumn } from './text-tables.js';

/** SQL text with `?` for each parameter, in order. */
export interface SqlPiece {
  text: string;
  parameters: readonly SqlValue[];
}

/** Decides `header` conditions, which need the header blocks: the messages that match. */
export type HeaderMatches = ReadonlyMap<EmailCondition, readonly string[]>;

/** What the pieces of a filter must know of the whole. */
export interface FilterFacts {
  headerMatches: HeaderMatches;
  /** Nothing is found without some text, so the index of texts leads, and other conditions are asked of what it finds. */
  isLedByText: boolean;
}

type Condition<Name extends keyof EmailCondition> = NonNullable<EmailCondition[Name]>;
type Compiler<Name extends keyof EmailCondition> = (value: Condition<Name>) => SqlPiece;

/** A phrase of fewer characters holds no trigram, so the index cannot find it. */
const TRIGRAM_CHARS = 3;
const SENT_AT = 'coalesce(m.sent_at_ms, e.received_at_ms)';
const SENT_LOCALLY = 'coalesce(m.sent_local_ms, e.received_at_ms)';
const HAS_KEYWORD = 'EXISTS (SELECT 1 FROM mail_keyword k WHERE k.keyword = ? AND k.email_key = e.email_key)';
const SOME_IN_THREAD = 'EXISTS (SELECT 1 FROM mail_email o JOIN mail_keyword k ON k.email_key = o.email_key WHERE o.thread_key = e.thread_key AND k.keyword = ?)';
const ALL_IN_THREAD = `NOT EXISTS (SELECT 1 FROM mail_email o WHERE o.thread_key = e.thread_key
  AND NOT EXISTS (SELECT 1 FROM mail_keyword k WHERE k.keyword = ? AND k.email_key = o.email_key))`;

const COLUMNS_OF: Record<TextCondition, readonly TextColumn[]> = {
  text: TEXT_COLUMNS, from: ['from_text'], to: ['to_text'], cc: ['cc_text'], bcc: ['bcc_text'], subject: ['subject'], body: ['body'],
};

const TRUE: SqlPiece = { text: 'TRUE', parameters: [] };
const piece = (text: string, ...parameters: SqlValue[]): SqlPiece => ({ text, parameters });
const list = (ids: readonly string[]): string => JSON.stringify(ids);
const keyword = (text: string) => (name: string): SqlPiece => piece(text, name.toLowerCase());

const COMPILERS: { [Name in keyof EmailCondition]?: Compiler<Name> } = {
  inMailbox: (mailboxId) => piece('e.email_key IN (SELECT email_key FROM mail_entry WHERE mailbox_id = ?)', mailboxId),
  inMailboxOtherThan: (mailboxIds) =>
    piece('EXISTS (SELECT 1 FROM mail_entry n WHERE n.email_key = e.email_key AND n.mailbox_id NOT IN (SELECT value FROM json_each(?)))', list(mailboxIds)),
  before: (ms) => piece('e.received_at_ms < ?', ms),
  after: (ms) => piece('e.received_at_ms >= ?', ms),
  sentBefore: (ms) => piece(`${SENT_LOCALLY} < ?`, ms),
  sentAfter: (ms) => piece(`${SENT_LOCALLY} >= ?`, ms),
  minSizeBytes: (bytes) => piece('m.size_bytes >= ?', bytes),
  maxSizeBytes: (bytes) => piece('m.size_bytes < ?', bytes),
  hasKeyword: keyword(HAS_KEYWORD),
  notKeyword: keyword(`NOT ${HAS_KEYWORD}`),
  allInThreadHaveKeyword: keyword(ALL_IN_THREAD),
  someInThreadHaveKeyword: keyword(SOME_IN_THREAD),
  noneInThreadHaveKeyword: keyword(`NOT ${SOME_IN_THREAD}`),
  hasAttachment: (wanted) => piece('m.has_attachment = ?', Number(wanted)),
  emailIds: (emailIds) => piece('e.email_id IN (SELECT value FROM json_each(?))', list(emailIds)),
  threadId: (threadId) => piece('e.thread_key = (SELECT thread_key FROM mail_thread WHERE thread_id = ?)', threadId),
};

export function compileFilter(filter: EmailFilter | null, facts: FilterFacts): SqlPiece {
  if (filter === null) return TRUE;
  if (!('operator' in filter)) return compileCondition(filter, facts);
  const pieces = filter.conditions.map((inner) => compileFilter(inner, facts));
  if (filter.operator === 'AND') return join(pieces, 'AND', TRUE);
  const some = join(pieces, 'OR', piece('FALSE'));
  return filter.operator === 'OR' ? some : { ...some, text: `NOT ${some.text}` };
}

/** Newest first where nothing else decides. */
export function compileSort(sort: readonly EmailSort[]): SqlPiece {
  const pieces = sort.map((comparator) => {
    const value = sortValue(comparator);
    return { ...value, text: `${value.text} ${comparator.isAscending ? 'ASC' : 'DESC'}` };
  });
  const all = [...pieces, piece('e.received_at_ms DESC'), piece('e.email_id')];
  return { text: all.map(({ text }) => text).join(', '), parameters: all.flatMap(({ parameters }) => parameters) };
}

function compileCondition(condition: EmailCondition, facts: FilterFacts): SqlPiece {
  const names = Object.keys(COMPILERS) as (keyof EmailCondition)[];
  const plain = names.flatMap((name) => (name === 'inMailbox' && facts.isLedByText ? [] : compileOne(name, condition)));
  if (condition.inMailbox !== undefined && facts.isLedByText) plain.push(piece('EXISTS (SELECT 1 FROM mail_entry n WHERE n.email_key = e.email_key AND n.mailbox_id = ?)', condition.inMailbox));
  const texts = TEXT_CONDITIONS.flatMap((name) => compileText(name, condition[name] ?? ''));
  const matches = condition.header && piece('e.message_id IN (SELECT value FROM json_each(?))', list(facts.headerMatches.get(condition) ?? []));
  return join([...plain, ...(matches ? [matches] : []), ...texts], 'AND', TRUE);
}

function compileOne<Name extends keyof EmailCondition>(name: Name, condition: EmailCondition): SqlPiece[] {
  const value = condition[name];
  const compiler = COMPILERS[name];
  return value === undefined || !compiler ? [] : [compiler(value as Condition<Name>)];
}

function compileText(name: TextCondition, text: string): SqlPiece[] {
  const needle = foldText(text);
  if (needle === '') return [];
  const found = [...needle].length < TRIGRAM_CHARS ? scan(COLUMNS_OF[name], needle) : match(COLUMNS_OF[name], needle);
  return [{ ...found, text: `e.message_key IN (SELECT rowid FROM mail_text WHERE ${found.text})` }];
}

function match(columns: readonly TextColumn[], needle: string): SqlPiece {
  return piece('mail_text MATCH ?', `{${columns.join(' ')}} : "${needle.replaceAll('"', '""')}"`);
}

function scan(columns: readonly TextColumn[], needle: string): SqlPiece {
  return { text: `(${columns.map((column) => `instr(mail_text.${column}, ?) > 0`).join(' OR ')})`, parameters: columns.map(() => needle) };
}

function sortValue({ property, keyword: name = '' }: EmailSort): SqlPiece {
  const values: Record<EmailSort['property'], string> = {
    receivedAt: 'e.received_at_ms', sentAt: SENT_AT, size: 'm.size_bytes',
    from: 'm.sort_from', to: 'm.sort_to', cc: 'm.sort_cc', subject: 'm.sort_subject',
    hasKeyword: HAS_KEYWORD, allInThreadHaveKeyword: ALL_IN_THREAD, someInThreadHaveKeyword: SOME_IN_THREAD,
  };
  const text = values[property];
  return text.includes('?') ? piece(text, name.toLowerCase()) : piece(text);
}

function join(pieces: readonly SqlPiece[], operator: 'AND' | 'OR', whenEmpty: SqlPiece): SqlPiece {
  if (pieces.length === 0) return whenEmpty;
  return { text: `(${pieces.map(({ text }) => text).join(` ${operator} `)})`, parameters: pieces.flatMap(({ parameters }) => parameters) };
}
