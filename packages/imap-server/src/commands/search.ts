import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { bad, ok, type Completion } from '../completion.js';
import { answerSearch } from '../search/answer-search.js';
import { BAD_CHARSET, isKnownCharset, readCharset } from '../search/charset.js';
import { readReturnOptions, RETURN_ALL, type ReturnOptions } from '../search/search-return.js';
import type { CommandReader } from '../wire/command-reader.js';
import { readSearchKeys, type SearchKey } from '../wire/search-key.js';

interface SearchArguments {
  returns: ReturnOptions | null;
  /** Null: not said. */
  charset: string | null;
  key: SearchKey;
}

/** RFC 3501 §6.4.4 with RFC 4731. */
export const search = searchCommand('SEARCH', false);
/** RFC 3501 §6.4.8. */
export const uidSearch = searchCommand('UID SEARCH', true);

function searchCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, announcesExpunges: isUid, isByNumber: !isUid, parse: readSearch, run: (context, args) => runSearch(context, args, isUid) });
}

// search = "SEARCH" [SP "RETURN" SP "(" … ")"] [SP "CHARSET" SP astring] 1*(SP search-key)
function readSearch(reader: CommandReader): SearchArguments {
  reader.space();
  const returns = readReturnOptions(reader);
  const charset = reader.tryWord('CHARSET ') ? readCharset(reader) : null;
  return { returns, charset, key: readSearchKeys(reader) };
}

async function runSearch(context: SelectedContext, { returns, charset, key }: SearchArguments, isUid: boolean): Promise<Completion> {
  const { session, mailbox } = context;
  if (charset !== null && session.enabled.has('UTF8=ACCEPT')) return bad('the charset is UTF-8 now'); // RFC 6855 §3
  if (charset !== null && !isKnownCharset(charset)) {
    if (returns?.words.has('SAVE')) mailbox.savedUids = new Set(); // what a failure leaves behind, RFC 5182 §2.1
    return BAD_CHARSET;
  }
  // RFC 9051 §6.4.4: without RETURN, what RETURN (ALL) gives.
  const answered = returns ?? (session.enabled.has('IMAP4rev2') ? RETURN_ALL : null);
  return (await answerSearch(context, { key, criteria: null }, { returns: answered, isUid })) ?? ok('SEARCH completed');
}
