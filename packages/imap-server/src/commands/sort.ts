import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { ok, type Completion } from '../completion.js';
import { BAD_CHARSET, isKnownCharset, readCharset } from '../search/charset.js';
import { searchMailbox } from '../search/search-mailbox.js';
import { formatSearch } from '../search/search-return.js';
import { sortMessages } from '../search/sort-messages.js';
import type { CommandReader } from '../wire/command-reader.js';
import { readSearchKeys, usesModSeq, type SearchKey } from '../wire/search-key.js';
import { readSortCriteria, type SortCriterion } from '../wire/sort-criteria.js';

interface SortArguments {
  criteria: readonly SortCriterion[];
  charset: string;
  key: SearchKey;
}

/** RFC 5256 §3. */
export const sort = sortCommand('SORT', false);
export const uidSort = sortCommand('UID SORT', true);

function sortCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, announcesExpunges: isUid, parse: readSort, run: (context, args) => runSort(context, args, isUid) });
}

// sort = ["UID" SP] "SORT" SP sort-criteria SP charset 1*(SP search-key)
function readSort(reader: CommandReader): SortArguments {
  reader.space();
  const criteria = readSortCriteria(reader);
  reader.space();
  return { criteria, charset: readCharset(reader), key: readSearchKeys(reader) };
}

async function runSort({ session, store, mailbox }: SelectedContext, { criteria, charset, key }: SortArguments, isUid: boolean): Promise<Completion> {
  if (!isKnownCharset(charset)) return BAD_CHARSET;
  const tellsModSeq = usesModSeq(key);
  if (tellsModSeq) session.enabled.add('CONDSTORE');
  const found = await searchMailbox(key, { mailbox, store, clock: session.environment.clock });
  const sorted = await sortMessages(found, criteria, store);
  await session.writer.untagged(formatSearch('SORT', { found: sorted, isUid, tellsModSeq }));
  return ok('SORT completed');
}
