// Searches that stay: RFC 5267 §4.3. The client is told how the result changes, so that it can show a live list. The search is
// asked again when the mailbox has changed, and the two results are compared.

import type { NumberedEntry, SelectedMailbox } from '../session/selected-mailbox.js';
import { someKey, type SearchKey } from '../wire/search-key.js';
import type { FetchItem } from '../wire/fetch-item.js';
import type { SortCriterion } from '../wire/sort-criteria.js';
import { searchMailbox, type SearchSources } from './search-mailbox.js';
import { numbersTold, type FoundMessages } from './found-messages.js';
import { esearchHead } from './search-return.js';
import { sortMessages } from './sort-messages.js';

/** What is searched, and in which order it is told; null: that of the mailbox. */
export interface SearchQuery {
  key: SearchKey;
  criteria: readonly SortCriterion[] | null;
}

/** Searches that stay, of one session: each is run again with every change. */
export const MAX_CONTEXTS = 5;

export async function runQuery({ key, criteria }: SearchQuery, sources: SearchSources): Promise<FoundMessages> {
  const found = await searchMailbox(key, sources);
  return criteria ? sortMessages(found, criteria, sources.store) : found;
}

/** Whether only a change of the mailbox changes the result: not the time, not numbers that shift, not another search. */
export function canStay(key: SearchKey): boolean {
  return !someKey(key, (inner) => ['older', 'younger', 'sequence'].includes(inner.key) || (inner.key === 'uid' && inner.set === '$'));
}

/** How a result has changed, as it is told. */
export interface ContextUpdate {
  /** To be told before expunges move the numbers. */
  removed: string | null;
  /** To be asked for and told behind them. */
  added(): { line: string | null; messages: readonly NumberedEntry[]; items: readonly FetchItem[] };
}

export class SearchContext {
  #uids: ArrayLike<number>;
  readonly #items: readonly FetchItem[];

  /** `found`: what the client knows. `items`: what is told of messages that come in. */
  constructor(
    readonly tag: string, private readonly query: SearchQuery, private readonly isUid: boolean,
    { found, items }: { found: FoundMessages; items: readonly FetchItem[] },
  ) {
    this.#uids = numbersTold(found, true);
    this.#items = items;
  }

  /**
   * Asks again. A removal is told from the end of the list and an addition from its start, so that every place is the one at that
   * moment.
   */
  async update(sources: SearchSources): Promise<ContextUpdate> {
    const { mailbox } = sources;
    const before = this.#uids;
    this.#uids = numbersTold(await runQuery(this.query, sources), true);
    return {
      removed: this.#format('REMOVEFROM', placesMissing(before, this.#uids, mailbox).reverse()),
      added: () => {
        const additions = placesMissing(this.#uids, before, mailbox);
        return { line: this.#format('ADDTO', additions), messages: additions.map(({ message }) => message), items: this.#items };
      },
    };
  }

  /** `ESEARCH (TAG "a1") UID ADDTO (0 32768)`; place 0 where there is no order (RFC 5267 §4.3.2). */
  #format(word: 'ADDTO' | 'REMOVEFROM', changes: readonly Placed[]): string | null {
    const pairs = changes.map(({ place, message }) => `${this.query.criteria ? place : 0} ${this.isUid ? message.entry.uid : message.sequenceNumber}`);
    return pairs.length === 0 ? null : `${esearchHead(this.tag, this.isUid)} ${word} (${pairs.join(' ')})`;
  }
}

interface Placed { place: number; message: NumberedEntry }

/** Those of a list that the other does not have, with their places from 1. */
function placesMissing(uids: ArrayLike<number>, other: ArrayLike<number>, mailbox: SelectedMailbox): Placed[] {
  const known = new Set(Array.from(other));
  return Array.from(uids).flatMap((uid, index) => {
    const message = known.has(uid) ? null : mailbox.find(uid);
    return message ? [{ place: index + 1, message }] : [];
  });
}
