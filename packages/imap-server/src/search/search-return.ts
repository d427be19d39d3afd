// How a SEARCH or SORT is answered: the plain list, or what RETURN asks for. ESEARCH RFC 4731, SAVE RFC 5182, ESORT and contexts
// RFC 5267, PARTIAL RFC 9394.

import type { CommandReader } from '../wire/command-reader.js';
import { peeking, readFetchItemList, type FetchItem } from '../wire/fetch-item.js';
import { cutResults, formatResultRange, readResultRange, type ResultRange } from '../wire/result-range.js';
import { NumberText } from '../wire/number-text.js';
import { formatNumbersInOrder } from '../wire/sequence-set.js';
import { formatString } from '../wire/string.js';
import { numbersOf, numbersTold, type FoundMessages } from './found-messages.js';

/** CONTEXT only says that the client will ask again; nothing is kept for it. */
const RETURN_WORDS = ['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE', 'UPDATE', 'CONTEXT'] as const;
type ReturnWord = (typeof RETURN_WORDS)[number];

export interface ReturnOptions {
  words: ReadonlySet<ReturnWord>;
  partial: ResultRange | null;
  /** UPDATE (…): what is told of messages that come in, RFC 5465 §7. */
  updateItems: readonly FetchItem[];
}

export const RETURN_ALL: ReturnOptions = { words: new Set(['ALL']), partial: null, updateItems: [] };

/** Reads `RETURN (…) ` when it is there; `RETURN ()` means ALL. Null: the answer of RFC 3501. */
export function readReturnOptions(reader: CommandReader): ReturnOptions | null {
  if (!reader.tryWord('RETURN ')) return null;
  const words = new Set<ReturnWord>();
  let partial: ResultRange | null = null;
  let updateItems: readonly FetchItem[] = [];
  reader.list(() => {
    if (reader.tryWord('PARTIAL ')) partial = readResultRange(reader);
    else if (reader.tryWord('UPDATE (')) {
      updateItems = readFetchItemList(reader).map(peeking);
      words.add('UPDATE');
    } else words.add(readReturnWord(reader));
  }, { mayBeEmpty: true, maxItems: 10 });
  reader.space();
  if (partial && words.has('ALL')) reader.fail('PARTIAL without ALL'); // RFC 9394 §3.1
  return words.size === 0 && !partial ? RETURN_ALL : { words, partial, updateItems };
}

function readReturnWord(reader: CommandReader): ReturnWord {
  const word = reader.word();
  return RETURN_WORDS.find((option) => option === word) ?? reader.fail('search return option');
}

export interface SearchAnswer {
  found: FoundMessages;
  isUid: boolean;
  tellsModSeq: boolean;
}

/** `SEARCH 2 5 (MODSEQ 917162500)` */
export function formatSearch(name: 'SEARCH' | 'SORT', { found, isUid, tellsModSeq }: SearchAnswer): (string | Uint8Array)[] {
  const numbers = numbersTold(found, isUid);
  const text = new NumberText();
  for (let index = 0; index < numbers.length; index += 1) {
    text.character(' ');
    text.number(numbers[index]!);
  }
  return [name, text.octets, tellsModSeq && numbers.length > 0 ? ` (MODSEQ ${highestModSeq(found)})` : ''];
}

/** `ESEARCH (TAG "a1") UID MIN 2 COUNT 7`; null when nothing but SAVE was asked. Of a sorted list MIN is the first. */
export function formatEsearch(options: ReturnOptions, tag: string, { found, isUid, tellsModSeq }: SearchAnswer): [string] | null {
  const { words, partial } = options;
  if (words.size === 1 && words.has('SAVE') && !partial) return null;
  const numbers = Array.from(numbersTold(found, isUid));
  const isFound = numbers.length > 0;
  const data = [
    ...(words.has('MIN') && isFound ? [`MIN ${numbers[0]}`] : []),
    ...(words.has('MAX') && isFound ? [`MAX ${numbers.at(-1)}`] : []),
    ...(words.has('COUNT') ? [`COUNT ${numbers.length}`] : []),
    ...(words.has('ALL') && isFound ? [`ALL ${formatNumbersInOrder(numbers)}`] : []),
    ...(partial ? [`PARTIAL (${formatResultRange(partial)} ${formatNumbersInOrder(cutResults(numbers, partial)) || 'NIL'})`] : []),
    ...(tellsModSeq && isFound ? [`MODSEQ ${highestModSeq(reported(options, found))}`] : []),
  ];
  return [[esearchHead(tag, isUid), ...data].join(' ')];
}

/** `ESEARCH (TAG "a1") UID` */
export function esearchHead(tag: string, isUid: boolean): string {
  return `ESEARCH (TAG ${formatString(tag)})${isUid ? ' UID' : ''}`;
}

/**
 * What SAVE keeps, and what the mod-sequence is of: all, unless only the ends or a part were asked for. RFC 5182 §2.1,
 * RFC 7162 §3.1.10, RFC 9394 §3.3.
 */
export function reported({ words, partial }: ReturnOptions, { entries, sequenceNumbers }: FoundMessages): FoundMessages {
  const asksPart = words.has('MIN') || words.has('MAX') || partial !== null;
  if (!asksPart || words.has('ALL') || words.has('COUNT')) return { entries, sequenceNumbers };
  const all = Array.from(sequenceNumbers);
  return { entries, sequenceNumbers: Uint32Array.from(new Set([
    ...(words.has('MIN') ? all.slice(0, 1) : []), ...(partial ? cutResults(all, partial) : []), ...(words.has('MAX') ? all.slice(-1) : []),
  ])) };
}

function highestModSeq(messages: FoundMessages): number {
  return numbersOf(messages, ({ modSeq }) => modSeq).reduce((highest, modSeq) => Math.max(highest, modSeq), 0);
}
