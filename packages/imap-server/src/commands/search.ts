import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { bad, ok, type Completion } from '../completion.js';
import { BAD_CHARSET, isKnownCharset, readCharset } from '../search/charset.js';
import { searchMailbox } from '../search/search-mailbox.js';
import { formatEsearch, formatSearch, readReturnOptions, reported, type ReturnOption } from '../search/search-return.js';
import type { CommandReader } from '../wire/command-reader.js';
import { readSearchKeys, usesModSeq, type SearchKey } from '../wire/search-key.js';

/** RFC 9051 §6.4.4: without RETURN, what RETURN (ALL) gives. */
const RETURN_ALL: ReadonlySet<ReturnOption> = new Set(['ALL']);

interface SearchArguments {
  returns: ReadonlySet<ReturnOption> | null;
  /** Null: not said. */
  charset: string | null;
  key: SearchKey;
}

/** RFC 3501 §6.4.4 with RFC 4731. */
export const search = searchCommand('SEARCH', false);
/** RFC 3501 §6.4.8. */
export const uidSearch = searchCommand('UID SEARCH', true);

function searchCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, announcesExpunges: isUid, parse: readSearch, run: (context, args) => runSearch(context, args, isUid) });
}

// search = "SEARCH" [SP "RETURN" SP "(" … ")"] [SP "CHARSET" SP astring] 1*(SP search-key)
function readSearch(reader: CommandReader): SearchArguments {
  reader.space();
  const returns = readReturnOptions(reader);
  const charset = reader.tryWord('CHARSET ') ? readCharset(reader) : null;
  return { returns, charset, key: readSearchKeys(reader) };
}

async function runSearch({ session, store, mailbox, tag }: SelectedContext, { returns: asked, charset, key }: SearchArguments, isUid: boolean): Promise<Completion> {
  const returns = asked ?? (session.enabled.has('IMAP4rev2') ? RETURN_ALL : null);
  if (charset !== null && session.enabled.has('UTF8=ACCEPT')) return bad('the charset is UTF-8 now'); // RFC 6855 §3
  if (charset !== null && !isKnownCharset(charset)) {
    if (returns?.has('SAVE')) mailbox.savedUids = new Set(); // what a failure leaves behind, RFC 5182 §2.1
    return BAD_CHARSET;
  }
  const tellsModSeq = usesModSeq(key);
  if (tellsModSeq) session.enabled.add('CONDSTORE');
  const found = await searchMailbox(key, { mailbox, store, clock: session.environment.clock });
  if (returns?.has('SAVE')) mailbox.savedUids = new Set(reported(returns, found).map(({ entry }) => entry.uid));
  const answer = { found, isUid, tellsModSeq };
  const line = returns ? formatEsearch(returns, tag, answer) : formatSearch('SEARCH', answer);
  if (line !== null) await session.writer.untagged(line);
  return ok('SEARCH completed');
}
