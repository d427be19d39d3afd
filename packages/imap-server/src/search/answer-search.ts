import type { SelectedContext } from '../command.js';
import { bad, type Completion } from '../completion.js';
import { UID_REQUIRED } from '../error-table.js';
import { progressOf } from '../session/progress.js';
import { usesModSeq, usesNumbers } from '../wire/search-key.js';
import { formatString } from '../wire/string.js';
import { numbersTold } from './found-messages.js';
import { canStay, MAX_CONTEXTS, runQuery, SearchContext, type SearchQuery } from './search-context.js';
import { formatEsearch, formatSearch, reported, type ReturnOptions } from './search-return.js';

/** What SEARCH and SORT have in common. Null when all is well; `returns` null: the plain list. */
export async function answerSearch(
  { session, store, mailbox, tag }: SelectedContext, query: SearchQuery, { returns, isUid }: { returns: ReturnOptions | null; isUid: boolean },
): Promise<Completion | null> {
  if (session.enabled.has('UIDONLY') && usesNumbers(query.key)) return UID_REQUIRED;
  const asksUpdate = returns?.words.has('UPDATE') === true;
  if (asksUpdate && mailbox.contexts.has(tag)) return bad('there is a search of this tag that stays');
  const tellsModSeq = usesModSeq(query.key);
  if (tellsModSeq) session.enabled.add('CONDSTORE');
  const found = await runQuery(query, { mailbox, store, clock: session.environment.clock, onProgress: progressOf(session, tag) });
  if (returns?.words.has('SAVE')) mailbox.savedUids = new Set(Array.from(numbersTold(reported(returns, found), true)));
  const answer = { found, isUid, tellsModSeq };
  const line = returns ? formatEsearch(returns, tag, answer) : formatSearch(query.criteria ? 'SORT' : 'SEARCH', answer);
  if (line !== null) await session.writer.untagged(...line);
  if (asksUpdate && mailbox.contexts.size < MAX_CONTEXTS && canStay(query.key)) mailbox.contexts.set(tag, new SearchContext(tag, query, isUid, { found, items: returns?.updateItems ?? [] }));
  else if (asksUpdate) await session.writer.untagged(`NO [NOUPDATE ${formatString(tag)}] changes of this search will not be told`); // RFC 5267 §4.3.1
  return null;
}
