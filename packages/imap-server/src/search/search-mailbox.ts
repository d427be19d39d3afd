// SEARCH over the snapshot of a session. Keys on what the snapshot holds (flags, numbers, sizes, dates) are answered from
// it; keys on content are asked of the store, as few queries as the command allows.

import { setImmediate } from 'node:timers/promises';
import type { Clock, EmailId } from '@paloma/shared-model';
import type { EmailFilter, MailStore, ViewEntry } from '@paloma/mail-store/port';
import type { ProgressListener } from '../session/progress.js';
import type { SelectedMailbox } from '../session/selected-mailbox.js';
import type { SearchKey } from '../wire/search-key.js';
import type { FoundMessages } from './found-messages.js';
import { recordsInBatches } from './records-in-batches.js';
import { storeFilter } from './store-filter.js';

/** Looked at in one turn of the event loop; some milliseconds. */
const SLICE_MESSAGES = 20_000;

type Predicate = (entry: ViewEntry) => boolean;

export interface SearchSources {
  mailbox: SelectedMailbox;
  store: MailStore;
  clock: Clock;
  onProgress?: ProgressListener;
}

/** Messages that match, in the order of the mailbox. */
export async function searchMailbox(key: SearchKey, sources: SearchSources): Promise<FoundMessages> {
  const matches = await new SearchCompiler(sources, sources.clock.nowMs()).compile(key);
  const { mailbox } = sources;
  const { entries } = mailbox;
  const found = new Uint32Array(entries.length);
  let count = 0;
  for (let place = 0; place < entries.length; place += 1) {
    if (place % SLICE_MESSAGES === SLICE_MESSAGES - 1) await setImmediate(); // other sessions have their turn
    const entry = entries[place]!;
    if (matches(entry) && !mailbox.hasVanished(entry.uid)) found[count++] = place + 1;
  }
  return { entries, sequenceNumbers: found.subarray(0, count) };
}

class SearchCompiler {
  constructor(private readonly sources: SearchSources, private readonly nowMs: number) {}

  async compile(key: SearchKey): Promise<Predicate> {
    const filter = storeFilter(key);
    if (filter) return this.#asked(filter);
    switch (key.key) {
      case 'and': return this.#conjunction(key.keys);
      case 'or': return either(await this.compile(key.left), await this.compile(key.right));
      case 'not': return negation(await this.compile(key.operand));
      case 'sequence': case 'uid': return this.#inSet(key);
      case 'emailId': return this.#withContent(key.id);
      default: return entryPredicate(key, this.nowMs);
    }
  }

  /** Keys on content that stand together go to the store together. */
  async #conjunction(keys: readonly SearchKey[]): Promise<Predicate> {
    const filters = keys.map(storeFilter).filter((filter) => filter !== null);
    const predicates: Predicate[] = [];
    for (const key of keys) if (!storeFilter(key)) predicates.push(await this.compile(key));
    if (filters.length > 0) predicates.push(await this.#asked({ operator: 'AND', conditions: filters }));
    return (entry) => predicates.every((matches) => matches(entry));
  }

  #inSet(key: Extract<SearchKey, { key: 'sequence' | 'uid' }>): Predicate {
    // A sequence number beyond the last message matches nothing here: SEARCH names no messages, it describes them.
    const uids = new Set((this.sources.mailbox.resolve(key.set, key.key === 'uid') ?? []).map(({ entry }) => entry.uid));
    return (entry) => uids.has(entry.uid);
  }

  /** EMAILID names the message, which the snapshot does not know. */
  async #withContent(messageId: string): Promise<Predicate> {
    const found = new Set<EmailId>();
    for await (const [{ entry }, record] of recordsInBatches(this.sources.mailbox.numbered, this.sources.store, this.sources.onProgress)) if (record?.messageId === messageId) found.add(entry.emailId);
    return (entry) => found.has(entry.emailId);
  }

  async #asked(filter: EmailFilter): Promise<Predicate> {
    const found = new Set(await this.sources.store.findUids(this.sources.mailbox.mailboxId, filter));
    return (entry) => found.has(entry.uid);
  }
}

const either = (left: Predicate, right: Predicate): Predicate => (entry) => left(entry) || right(entry);
const negation = (operand: Predicate): Predicate => (entry) => !operand(entry);

/** Keys that one entry of the snapshot answers. */
function entryPredicate(key: SearchKey, nowMs: number): Predicate {
  switch (key.key) {
    case 'all': return () => true;
    case 'keyword': return (entry) => entry.keywords.includes(key.keyword);
    case 'deleted': return (entry) => entry.isDeleted;
    case 'larger': return (entry) => entry.sizeBytes > key.sizeBytes;
    case 'smaller': return (entry) => entry.sizeBytes < key.sizeBytes;
    case 'modSeq': return (entry) => entry.modSeq >= key.modSeq;
    // RFC 5032 §2.1: at least so old; YOUNGER is the rest.
    case 'older': return (entry) => nowMs - entry.receivedAtMs >= key.seconds * 1000;
    case 'younger': return (entry) => nowMs - entry.receivedAtMs <= key.seconds * 1000;
    case 'date': return datePredicate(key);
    default: return () => false;
  }
}

function datePredicate({ field, fromMs, beforeMs }: Extract<SearchKey, { key: 'date' }>): Predicate {
  return (entry) => {
    const atMs = field === 'saved' ? entry.addedAtMs : entry.receivedAtMs;
    return (fromMs === null || atMs >= fromMs) && (beforeMs === null || atMs < beforeMs);
  };
}
