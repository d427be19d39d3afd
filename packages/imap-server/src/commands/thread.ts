import { setImmediate } from 'node:timers/promises';
import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { ok, type Completion } from '../completion.js';
import { UID_REQUIRED } from '../error-table.js';
import { BAD_CHARSET, isKnownCharset, readCharset } from '../search/charset.js';
import { searchMailbox } from '../search/search-mailbox.js';
import { progressOf } from '../session/progress.js';
import { loadThreadMessages } from '../thread/load-thread-messages.js';
import { threadByOrderedSubject } from '../thread/ordered-subject.js';
import { threadByReferences } from '../thread/references.js';
import type { ThreadMessages, Threads } from '../thread/thread.js';
import type { CommandReader } from '../wire/command-reader.js';
import { readSearchKeys, usesNumbers, type SearchKey } from '../wire/search-key.js';
import { formatThreads } from '../wire/thread-list.js';

type Algorithm = (messages: ThreadMessages) => Threads;

const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([['ORDEREDSUBJECT', threadByOrderedSubject], ['REFERENCES', threadByReferences]]);

interface ThreadArguments {
  algorithm: Algorithm;
  charset: string;
  key: SearchKey;
}

/** RFC 5256 §3. */
export const thread = threadCommand('THREAD', false);
export const uidThread = threadCommand('UID THREAD', true);

function threadCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, announcesExpunges: isUid, isByNumber: !isUid, parse: readThread, run: (context, args) => runThread(context, args, isUid) });
}

// thread = ["UID" SP] "THREAD" SP thread-alg SP charset 1*(SP search-key)
function readThread(reader: CommandReader): ThreadArguments {
  reader.space();
  const algorithm = ALGORITHMS.get(reader.word()) ?? reader.fail('thread algorithm');
  reader.space();
  return { algorithm, charset: readCharset(reader), key: readSearchKeys(reader) };
}

async function runThread({ session, store, mailbox, tag }: SelectedContext, { algorithm, charset, key }: ThreadArguments, isUid: boolean): Promise<Completion> {
  if (!isKnownCharset(charset)) return BAD_CHARSET;
  if (session.enabled.has('UIDONLY') && usesNumbers(key)) return UID_REQUIRED;
  const sources = { mailbox, store, clock: session.environment.clock, onProgress: progressOf(session, tag) };
  const messages = await loadThreadMessages(await searchMailbox(key, sources), store, { isUid });
  await setImmediate(); // other sessions have their turn
  const threads = algorithm(messages);
  await setImmediate();
  await session.writer.untagged(threads.roots.length === 0 ? 'THREAD' : 'THREAD ', formatThreads(threads));
  return ok('THREAD completed');
}
