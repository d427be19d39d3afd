import { selectedCommand, type Command, type SelectedContext } from '../command.js';
import { bad, ok, type Completion } from '../completion.js';
import { MESSAGES_ARE_GONE } from '../error-table.js';
import { fetchMessages } from '../fetch/fetch-messages.js';
import { announceVanished } from '../session/announce-resync.js';
import type { CommandReader } from '../wire/command-reader.js';
import { readFetchItems, type FetchItem } from '../wire/fetch-item.js';
import { cutResults, readResultRange, type ResultRange } from '../wire/result-range.js';
import type { SequenceSet } from '../wire/sequence-set.js';

interface FetchArguments {
  set: SequenceSet;
  items: readonly FetchItem[];
  /** CHANGEDSINCE, RFC 7162 §3.1.4. */
  changedSince: number | null;
  /** VANISHED, RFC 7162 §3.2.6. */
  asksVanished: boolean;
  /** PARTIAL, RFC 9394 §3.2. */
  partial: ResultRange | null;
}

/** RFC 3501 §6.4.5. */
export const fetch = fetchCommand('FETCH', false);
/** RFC 3501 §6.4.8. */
export const uidFetch = fetchCommand('UID FETCH', true);

function fetchCommand(name: string, isUid: boolean): Command {
  return selectedCommand({ name, announcesExpunges: isUid, isByNumber: !isUid, parse: (reader) => readFetch(reader, isUid), run: (context, args) => runFetch(context, args, isUid) });
}

// fetch = "FETCH" SP sequence-set SP fetch-items [SP "(" fetch-modifier *(SP fetch-modifier) ")"]
function readFetch(reader: CommandReader, isUid: boolean): FetchArguments {
  reader.space();
  const set = reader.sequenceSet();
  reader.space();
  const args: FetchArguments = { set, items: readFetchItems(reader), changedSince: null, asksVanished: false, partial: null };
  if (!reader.tryChar(' ')) return args;
  reader.list(() => readModifier(reader, args), { maxItems: 3 });
  if (args.partial && !isUid) reader.fail('UID FETCH with PARTIAL');
  if (args.asksVanished && (!isUid || args.changedSince === null)) reader.fail('UID FETCH with CHANGEDSINCE');
  return args;
}

function readModifier(reader: CommandReader, args: FetchArguments): void {
  const word = reader.word();
  if (word === 'VANISHED') args.asksVanished = true;
  else if (word === 'PARTIAL') {
    reader.space();
    args.partial = readResultRange(reader);
  } else if (word === 'CHANGEDSINCE') {
    reader.space();
    args.changedSince = reader.modSeq();
  } else reader.fail('fetch modifier');
}

async function runFetch(context: SelectedContext, args: FetchArguments, isUid: boolean): Promise<Completion> {
  const { session, mailbox } = context;
  const { changedSince, asksVanished, set } = args;
  if (asksVanished && !session.enabled.has('QRESYNC')) return bad('enable QRESYNC first');
  const messages = mailbox.resolveEach(set, isUid);
  if (!messages) return bad('no message of this number');
  if (changedSince !== null || args.items.some(({ name }) => name === 'MODSEQ')) session.enabled.add('CONDSTORE');
  if (asksVanished) await announceVanished(session, mailbox, changedSince ?? 0, set);
  // What FETCH itself changes, when it marks messages as seen, is not among what has changed before.
  const wanted = changedSince === null ? messages : [...messages].filter(({ entry }) => entry.modSeq > changedSince);
  const isComplete = await fetchMessages(context, args.partial ? cutResults([...wanted], args.partial) : wanted, completeItems(args, isUid && !session.enabled.has('UIDONLY')));
  return isComplete || isUid ? ok('FETCH completed') : MESSAGES_ARE_GONE;
}

/** UID FETCH tells the UID, CHANGEDSINCE the mod-sequence, asked or not. */
function completeItems({ items, changedSince }: FetchArguments, tellsUid: boolean): FetchItem[] {
  const has = (name: FetchItem['name']): boolean => items.some((item) => item.name === name);
  const uid: FetchItem[] = tellsUid && !has('UID') ? [{ name: 'UID' }] : [];
  const modSeq: FetchItem[] = changedSince !== null && !has('MODSEQ') ? [{ name: 'MODSEQ' }] : [];
  return [...uid, ...items, ...modSeq];
}
