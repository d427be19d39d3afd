// How a SEARCH is answered: the plain list, or what RETURN asks for (ESEARCH, RFC 4731; SAVE, RFC 5182).

import type { CommandReader } from '../wire/command-reader.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import { formatNumbers } from '../wire/sequence-set.js';

const RETURN_OPTIONS = ['MIN', 'MAX', 'ALL', 'COUNT', 'SAVE'] as const;
export type ReturnOption = (typeof RETURN_OPTIONS)[number];

/** Reads `RETURN (…) ` when it is there; `RETURN ()` means ALL. Null: the answer of RFC 3501. */
export function readReturnOptions(reader: CommandReader): ReadonlySet<ReturnOption> | null {
  if (!reader.tryWord('RETURN ')) return null;
  const options = reader.list(() => {
    const word = reader.word();
    return RETURN_OPTIONS.find((option) => option === word) ?? reader.fail('search return option');
  }, { mayBeEmpty: true, maxItems: 10 });
  reader.space();
  return new Set(options.length === 0 ? ['ALL'] : options);
}

export interface SearchAnswer { found: readonly NumberedEntry[]; isUid: boolean; tellsModSeq: boolean }

const numberOf = ({ sequenceNumber, entry }: NumberedEntry, isUid: boolean): number => (isUid ? entry.uid : sequenceNumber);

/** `SEARCH 2 5 (MODSEQ 917162500)` */
export function formatSearch(name: 'SEARCH' | 'SORT', { found, isUid, tellsModSeq }: SearchAnswer): string {
  const modSeq = tellsModSeq && found.length > 0 ? [`(MODSEQ ${highestModSeq(found)})`] : [];
  return [name, ...found.map((message) => numberOf(message, isUid)), ...modSeq].join(' ');
}

/** `ESEARCH (TAG "a1") UID MIN 2 COUNT 7`; null when nothing but SAVE was asked. */
export function formatEsearch(options: ReadonlySet<ReturnOption>, tag: string, { found, isUid, tellsModSeq }: SearchAnswer): string | null {
  const numbers = found.map((message) => numberOf(message, isUid));
  if (options.size === 1 && options.has('SAVE')) return null;
  const data = [
    ...(options.has('MIN') && numbers.length > 0 ? [`MIN ${numbers[0]}`] : []),
    ...(options.has('MAX') && numbers.length > 0 ? [`MAX ${numbers.at(-1)}`] : []),
    ...(options.has('COUNT') ? [`COUNT ${numbers.length}`] : []),
    ...(options.has('ALL') && numbers.length > 0 ? [`ALL ${formatNumbers(numbers)}`] : []),
    ...(tellsModSeq && found.length > 0 ? [`MODSEQ ${highestModSeq(reported(options, found))}`] : []),
  ];
  return [`ESEARCH (TAG "${tag}")`, ...(isUid ? ['UID'] : []), ...data].join(' ');
}

/** What SAVE keeps, and what the mod-sequence is of: all, unless only the ends were asked for. RFC 5182 §2.1, RFC 7162 §3.1.10. */
export function reported(options: ReadonlySet<ReturnOption>, found: readonly NumberedEntry[]): readonly NumberedEntry[] {
  const asksEnds = options.has('MIN') || options.has('MAX');
  if (!asksEnds || options.has('ALL') || options.has('COUNT')) return found;
  const ends = [...(options.has('MIN') ? found.slice(0, 1) : []), ...(options.has('MAX') ? found.slice(-1) : [])];
  return [...new Set(ends)];
}

function highestModSeq(messages: readonly NumberedEntry[]): number {
  return messages.reduce((highest, { entry }) => Math.max(highest, entry.modSeq), 0);
}
