// One list on screen: the result of an Email/query of which only the windows that were scrolled to are fetched.
// A place not fetched yet is null. Conversations that the user just moved away are left out at once, before the server says so.

import { LIST_PROPERTIES } from './email-properties.js';
import type { ObjectCache } from './object-cache.js';
import type { JmapTransport } from './transport.js';
import type { Email, EmailFilter, EmailId, GetResponse, MailboxId, QueryResponse, Thread } from './types.js';

/** Places fetched at once; about three screens. */
const WINDOW_SIZE = 50;

export interface EmailListSnapshot {
  /** Newest email of each conversation, newest first. */
  places: readonly (EmailId | null)[];
  status: 'loading' | 'ready' | 'failed';
}

export interface EmailListOptions {
  transport: JmapTransport;
  cache: ObjectCache;
  filter: EmailFilter;
  /** Set when the list is one mailbox: what leaves it leaves the list. */
  mailboxId: MailboxId | null;
}

export class EmailList {
  #places: (EmailId | null)[] = [];
  #status: EmailListSnapshot['status'] = 'loading';
  #queryState: string | null = null;
  /** Windows asked for and not answered, by number. */
  readonly #asked = new Set<number>();
  #lastRange = { start: 0, end: 0 };
  readonly #listeners = new Set<() => void>();
  #snapshot: EmailListSnapshot = { places: [], status: 'loading' };
  #snapshotVersion = -1;
  #version = 0;
  /** Answers to questions asked before the last refresh are dropped. */
  #epoch = 0;

  constructor(private readonly options: EmailListOptions) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    const unsubscribe = this.options.cache.subscribe(listener);
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); unsubscribe(); };
  };

  readonly getSnapshot = (): EmailListSnapshot => {
    const version = this.#version + this.options.cache.version;
    if (version !== this.#snapshotVersion) this.#takeSnapshot(version);
    return this.#snapshot;
  };

  /** Fetches what is missing between two places. */
  ensureRange(start: number, end: number): void {
    this.#lastRange = { start, end };
    for (const window of windowsBetween(start, end)) if (this.#isMissing(window)) void this.#fetchWindow(window);
  }

  /** Asks again for what is on screen; the rest is fetched when it is scrolled to. */
  refresh(): void {
    this.#epoch++;
    this.#asked.clear();
    for (const window of windowsBetween(this.#lastRange.start, this.#lastRange.end)) void this.#fetchWindow(window);
  }

  #isMissing(window: number): boolean {
    if (this.#asked.has(window)) return false;
    if (this.#queryState === null) return true;
    return this.#places.slice(window * WINDOW_SIZE, (window + 1) * WINDOW_SIZE).includes(null);
  }

  async #fetchWindow(window: number): Promise<void> {
    const epoch = this.#epoch;
    this.#asked.add(window);
    try {
      const answer = await this.#query(window);
      if (epoch === this.#epoch) this.#take(answer);
    } catch {
      if (epoch === this.#epoch) this.#status = 'failed';
    }
    if (epoch === this.#epoch) this.#asked.delete(window);
    this.#emit();
  }

  /** The four steps of RFC 8621 §4.10 in one request. */
  async #query(window: number): Promise<QueryResponse> {
    const { transport, cache, filter } = this.options;
    const query = transport.call<QueryResponse>('Email/query', {
      filter, sort: [{ property: 'receivedAt', isAscending: false }], collapseThreads: true,
      position: window * WINDOW_SIZE, limit: WINDOW_SIZE, calculateTotal: true,
    });
    const emails = transport.call<GetResponse<Email>>('Email/get', { '#ids': query.reference('/ids'), properties: LIST_PROPERTIES });
    const threads = transport.call<GetResponse<Thread>>('Thread/get', { '#ids': emails.reference('/list/*/threadId') });
    const others = transport.call<GetResponse<Email>>('Email/get', { '#ids': threads.reference('/list/*/emailIds'), properties: LIST_PROPERTIES });
    // The rest of a conversation only refines a row; a conversation too long for one request must not empty the list.
    const rest = Promise.all([threads.result, others.result]).catch(() => null);
    const [answer, newest, conversations] = [await query.result, await emails.result, await rest];
    rememberState(cache, 'Email', newest.state);
    cache.put('Email', newest.list);
    if (conversations) {
      rememberState(cache, 'Thread', conversations[0].state);
      cache.put('Thread', conversations[0].list);
      cache.put('Email', conversations[1].list);
    }
    return answer;
  }

  #take({ ids, position, total = position + ids.length, queryState }: QueryResponse): void {
    const isSameQuery = queryState === this.#queryState;
    const places = Array.from({ length: total }, (_none, place) => this.#places[place] ?? null);
    if (!isSameQuery) this.#forgetFarPlaces(places);
    ids.forEach((id, offset) => { places[position + offset] = id; });
    this.#places = places;
    this.#queryState = queryState;
    this.#status = 'ready';
  }

  /** Places moved; those on screen are being asked again, the others are unknown until then. */
  #forgetFarPlaces(places: (EmailId | null)[]): void {
    const windows = new Set(windowsBetween(this.#lastRange.start, this.#lastRange.end));
    for (let place = 0; place < places.length; place++) if (!windows.has(Math.floor(place / WINDOW_SIZE))) places[place] = null;
  }

  #takeSnapshot(version: number): void {
    this.#snapshotVersion = version;
    const places = this.#places.filter((id) => id === null || this.#isStillHere(id));
    const isSame = places.length === this.#snapshot.places.length && this.#status === this.#snapshot.status
      && places.every((id, place) => id === this.#snapshot.places[place]);
    if (!isSame) this.#snapshot = { places, status: this.#status };
  }

  #isStillHere(id: EmailId): boolean {
    const { cache, mailboxId } = this.options;
    const email = cache.get('Email', id);
    if (!email || mailboxId === null) return true;
    const emailIds = cache.get('Thread', email.threadId)?.emailIds ?? [id];
    return [id, ...emailIds].some((member) => cache.get('Email', member)?.mailboxIds[mailboxId]);
  }

  #emit(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}

const windowsBetween = (start: number, end: number): number[] => {
  const first = Math.floor(start / WINDOW_SIZE);
  return Array.from({ length: Math.floor(end / WINDOW_SIZE) - first + 1 }, (_none, offset) => first + offset);
};

/** Later answers may be newer than what else is in the cache, so only the first state counts; /changes moves it on. */
function rememberState(cache: ObjectCache, type: 'Email' | 'Thread', state: string): void {
  if (cache.state(type) === null) cache.setState(type, state);
}
