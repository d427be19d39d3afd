// list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]     RFC 5258 §6, RFC 5819, RFC 6154

import type { CommandReader } from './command-reader.js';
import { readMetadataNames } from './metadata-arguments.js';
import { readStatusItems, type StatusItem } from './status-item.js';

const SELECTION_OPTIONS = ['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE'] as const;
const RETURN_OPTIONS = ['SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE'] as const;

export interface ListArguments {
  selection: ReadonlySet<(typeof SELECTION_OPTIONS)[number]>;
  reference: string;
  patterns: readonly string[];
  returns: ReadonlySet<(typeof RETURN_OPTIONS)[number]>;
  /** RETURN (STATUS (…)); null when not asked. */
  statusItems: readonly StatusItem[] | null;
  /** RETURN (METADATA (…)), RFC 9590. */
  metadataNames: readonly string[];
}

/** Patterns of one LIST; each is tried on every mailbox. */
const MAX_PATTERNS = 20;
/** Time of matching grows with pattern times name. */
const MAX_PATTERN_CHARS = 1000;

export function readListArguments(reader: CommandReader): ListArguments {
  reader.space();
  const selection = reader.startsWith('(') ? readSelectionOptions(reader) : null;
  const reference = reader.mailbox();
  reader.space();
  const pattern = (): string => {
    const text = reader.listMailbox();
    return text.length <= MAX_PATTERN_CHARS ? text : reader.fail('shorter pattern');
  };
  const patterns = reader.startsWith('(') ? reader.list(pattern, { maxItems: MAX_PATTERNS }) : [pattern()];
  const returned = reader.tryWord(' RETURN ') ? readReturnOptions(reader) : { returns: new Set<never>(), statusItems: null, metadataNames: [] };
  return { selection: selection ?? new Set(), reference, patterns, ...returned };
}

function readSelectionOptions(reader: CommandReader): ListArguments['selection'] {
  const options = reader.list(() => oneOf(reader, SELECTION_OPTIONS), { mayBeEmpty: true, maxItems: 20 });
  reader.space();
  const selection = new Set(options);
  // RFC 5258 §3.1: RECURSIVEMATCH needs an option that selects.
  if (selection.has('RECURSIVEMATCH') && !selection.has('SUBSCRIBED') && !selection.has('SPECIAL-USE')) reader.fail('SUBSCRIBED with RECURSIVEMATCH');
  return selection;
}

function readReturnOptions(reader: CommandReader): Pick<ListArguments, 'returns' | 'statusItems' | 'metadataNames'> {
  const returns = new Set<(typeof RETURN_OPTIONS)[number]>();
  let statusItems: readonly StatusItem[] | null = null;
  let metadataNames: readonly string[] = [];
  reader.list(() => {
    if (reader.tryWord('STATUS ')) statusItems = readStatusItems(reader);
    else if (reader.tryWord('METADATA ')) metadataNames = readMetadataNames(reader);
    else returns.add(oneOf(reader, RETURN_OPTIONS));
  }, { mayBeEmpty: true, maxItems: 20 });
  return { returns, statusItems, metadataNames };
}

function oneOf<Word extends string>(reader: CommandReader, words: readonly Word[]): Word {
  const word = reader.word();
  return words.find((candidate) => candidate === word) ?? reader.fail('list option');
}
