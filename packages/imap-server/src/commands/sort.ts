import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { ok, type Completion } from '../completion.js';
import { answerSearch } from '../search/answer-search.js';
import { BAD_CHARSET, isKnownCharset, readCharset } from '../search/charset.js';
import { readReturnOptions, type ReturnOptions } from '../search/search-return.js';
import type { CommandReader } from '../wire/command-reader.js';
import { readSearchKeys, type SearchKey } from '../wire/search-key.js';
import { readSortCriteria, type SortCriterion } from '../wire/sort-criteria.js';

interface SortArguments {
  returns: ReturnOptions | null;
  criteria: readonly SortCriterion[];
  charset: string;
  key: SearchKey;
}

/** RFC 5256 §3 with ESORT (RFC 5267 §3). */
export const sort = sortCommand('SORT', false);
export const uidSort = sortCommand('UID SORT', true);

function sortCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, announcesExpunges: isUid, isByNumber: !isUid, parse: readSort, run: (context, args) => runSort(context, args, isUid) });
}

// sort = ["UID" SP] "SORT" [SP "RETURN" SP "(" … ")"] SP sort-criteria SP charset 1*(SP search-key)
function readSort(reader: CommandReader): SortArguments {
  reader.space();
  const returns = readReturnOptions(reader);
  const criteria = readSortCriteria(reader);
  reader.space();
  return { returns, criteria, charset: readCharset(reader), key: readSearchKeys(reader) };
}

async function runSort(context: SelectedContext, { returns, criteria, charset, key }: SortArguments, isUid: boolean): Promise<Completion> {
  if (!isKnownCharset(charset)) return BAD_CHARSET;
  return (await answerSearch(context, { key, criteria }, { returns, isUid })) ?? ok('SORT completed');
}
