// Keeps the cache in step with the server: for every type whose state moved, asks what changed and fetches what of it is
// known here. One run per type at a time; a push that comes in between makes it run once more.

import { fetchChanges, type Changes } from './changes.js';
import { LIST_PROPERTIES } from './email-properties.js';
import type { ObjectCache } from './object-cache.js';
import type { JmapTransport } from './transport.js';
import type { CachedTypeName, CachedTypes, GetResponse } from './types.js';

/** Ids in one Foo/get; RFC 8620 §2 lets a client count on 500. */
const IDS_PER_GET = 500;

export interface SynchroniserOptions {
  transport: JmapTransport;
  cache: ObjectCache;
  /** After emails were created, destroyed, moved or marked: lists ask again. */
  onEmailsChanged(): void;
  onError(error: unknown): void;
}

type Run = { isAgain: boolean };

export class Synchroniser {
  readonly #running = new Map<CachedTypeName, Run>();

  constructor(private readonly options: SynchroniserOptions) {}

  /** New states as pushed. Types that were never fetched are left alone; the first list of emails may be on its way without the change. */
  stateChanged(changed: Partial<Record<string, string>>): void {
    const { cache } = this.options;
    for (const type of SYNCED_TYPES) {
      const state = changed[type];
      if (state !== undefined && cache.state(type) !== null && cache.state(type) !== state) this.#start(type);
    }
    if (changed['Email'] !== undefined) this.#askFirstListsAgain();
  }

  /** For a connection that was away: asks about everything known. */
  checkAll(): void {
    for (const type of SYNCED_TYPES) if (this.options.cache.state(type) !== null) this.#start(type);
    this.#askFirstListsAgain();
  }

  #askFirstListsAgain(): void {
    if (this.options.cache.state('Email') === null) this.options.onEmailsChanged();
  }

  #start(type: CachedTypeName): void {
    const run = this.#running.get(type);
    if (run) run.isAgain = true;
    else void this.#run(type);
  }

  async #run(type: CachedTypeName): Promise<void> {
    const run: Run = { isAgain: false };
    this.#running.set(type, run);
    try {
      do {
        run.isAgain = false;
        await this.#synchronise(type);
      } while (run.isAgain);
    } catch (error) {
      this.options.onError(error);
    } finally {
      this.#running.delete(type);
    }
  }

  async #synchronise(type: CachedTypeName): Promise<void> {
    const { cache, transport } = this.options;
    const state = cache.state(type);
    if (type === 'SyncStatus' || state === null) return this.#fetch(type, null);
    const changes = await fetchChanges(transport, type, state);
    if (!changes) await this.#startAfresh(type);
    else await this.#apply(type, changes);
    if (type === 'Email') this.options.onEmailsChanged();
  }

  /** Of the sparse types only what somebody has looked at is fetched; screens fetch the rest. The others are small and complete. */
  async #apply(type: CachedTypeName, changes: Changes): Promise<void> {
    const { cache } = this.options;
    const isSparse = SPARSE_TYPES.has(type);
    const known = [...changes.updated].filter((id) => !isSparse || cache.has(type, id));
    await this.#fetch(type, isSparse ? known : [...changes.created, ...known]);
    cache.remove(type, changes.destroyed);
    cache.setState(type, changes.newState);
  }

  async #startAfresh(type: CachedTypeName): Promise<void> {
    const { cache } = this.options;
    const isSparse = SPARSE_TYPES.has(type);
    await this.#fetch(type, isSparse ? cache.ids(type) : null, true);
  }

  /** `ids` null: all of them. What the server no longer has is dropped. */
  async #fetch(type: CachedTypeName, ids: readonly string[] | null, takeState = ids === null): Promise<void> {
    const { cache, transport } = this.options;
    const before = ids ?? cache.ids(type);
    const found = new Set<string>();
    for (const page of ids === null ? [null] : pagesOf(ids)) {
      const answer = await transport.call<GetResponse<CachedTypes[typeof type]>>(`${type}/get`, { ids: page, ...propertiesOf(type) }).result;
      cache.put(type, answer.list);
      for (const { id } of answer.list) found.add(id);
      if (takeState) cache.setState(type, answer.state);
      if (type === 'Thread') await this.#fetchNewEmails(answer.list as CachedTypes['Thread'][]);
    }
    cache.remove(type, before.filter((id) => !found.has(id)));
  }

  /** A message that joined a conversation on screen. */
  async #fetchNewEmails(threads: readonly CachedTypes['Thread'][]): Promise<void> {
    const fresh = threads.flatMap((thread) => thread.emailIds).filter((id) => !this.options.cache.has('Email', id));
    if (fresh.length > 0) await this.#fetch('Email', fresh);
  }
}

const SYNCED_TYPES: readonly CachedTypeName[] = ['Mailbox', 'Thread', 'Email', 'Identity', 'EmailSubmission', 'SyncStatus'];

const SPARSE_TYPES: ReadonlySet<CachedTypeName> = new Set(['Email', 'Thread', 'EmailSubmission']);

const propertiesOf = (type: CachedTypeName): object => (type === 'Email' ? { properties: LIST_PROPERTIES } : {});

function pagesOf(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / IDS_PER_GET) }, (_none, page) => ids.slice(page * IDS_PER_GET, (page + 1) * IDS_PER_GET));
}
