// One account as the screens see it: cache, transport, blobs and push put together. Made after sign-in, stopped at sign-out.

import { BlobStore } from './blobs.js';
import { EmailList } from './email-list.js';
import { createAuthorizedHttp, type FetchFunction } from './http.js';
import { JmapError } from './jmap-error.js';
import { Keys } from './keys.js';
import { ObjectCache } from './object-cache.js';
import { listenForPush } from './push.js';
import { Settings } from './settings.js';
import { Synchroniser } from './synchroniser.js';
import { createTransport, type JmapTransport } from './transport.js';
import type { CachedTypeName, CachedTypes, EmailFilter, GetResponse, JmapSession, MailboxId } from './types.js';

const SESSION_URL = '/jmap/session';
const MAIL_CAPABILITY = 'urn:ietf:params:jmap:mail';
const SETTINGS_CAPABILITY = 'urn:paloma:params:jmap:settings';
const CORE_CAPABILITY = 'urn:ietf:params:jmap:core';
/** Used when the session names no limit; RFC 8620 §2 suggests at least 16. */
const DEFAULT_MAX_CALLS = 16;
const PUSHED_TYPES: readonly (CachedTypeName | 'Key' | 'MailAppPassword')[] = ['Mailbox', 'Email', 'Thread', 'Identity', 'EmailSubmission', 'Key', 'SyncStatus', 'MailAppPassword'];
/** Fetched whole at the start. */
const START_TYPES = ['Mailbox', 'Identity', 'SyncStatus'] as const;

export interface MailAccountEvents {
  /** The token is no longer good: sign in again. */
  onSignedOut(): void;
  onError(error: unknown): void;
}

export class MailAccount {
  readonly cache = new ObjectCache();
  readonly keys: Keys;
  readonly settings: Settings;
  /** False while the push stream is down, which is when the daemon is not there. */
  isConnected = true;
  readonly #lists = new Map<string, EmailList>();
  readonly #connectionListeners = new Set<() => void>();
  readonly #synchroniser: Synchroniser;
  #stopPush: (() => void) | null = null;

  private constructor(
    readonly session: JmapSession,
    readonly accountId: string,
    readonly transport: JmapTransport,
    readonly blobs: BlobStore,
    private readonly events: MailAccountEvents,
  ) {
    this.keys = new Keys(transport);
    this.settings = new Settings(transport, session.accounts[accountId]?.accountCapabilities[SETTINGS_CAPABILITY] ?? null);
    this.#synchroniser = new Synchroniser({
      transport, cache: this.cache, onError: events.onError,
      onEmailsChanged: () => { for (const list of this.#lists.values()) list.refresh(); },
    });
  }

  /** Reads the session, loads what every screen needs and begins to listen. @throws {JmapError} */
  static async open(token: string, events: MailAccountEvents, fetchFunction?: FetchFunction): Promise<MailAccount> {
    const http = createAuthorizedHttp(token, fetchFunction);
    const session = await (await http.request(SESSION_URL)).json() as JmapSession;
    const accountId = session.primaryAccounts[MAIL_CAPABILITY];
    if (accountId === undefined) throw new JmapError('protocol', 'session without a mail account');
    const maxCallsInRequest = session.capabilities[CORE_CAPABILITY]?.maxCallsInRequest ?? DEFAULT_MAX_CALLS;
    const transport = createTransport({ http, apiUrl: session.apiUrl, accountId, maxCallsInRequest, onUnauthorized: events.onSignedOut });
    const account = new MailAccount(session, accountId, transport, new BlobStore(http, session, accountId), events);
    await account.#loadStart();
    account.#stopPush = listenForPush({
      http, eventSourceUrl: session.eventSourceUrl, accountId, types: PUSHED_TYPES, listener: account.#pushListener(),
    });
    return account;
  }

  get address(): string {
    return this.session.username;
  }

  close(): void {
    this.#stopPush?.();
  }

  /** The same list object for the same question; only the latest lists are kept in step. */
  list(filter: EmailFilter, mailboxId: MailboxId | null): EmailList {
    const key = JSON.stringify(filter);
    const list = this.#lists.get(key) ?? new EmailList({ transport: this.transport, cache: this.cache, filter, mailboxId });
    this.#lists.delete(key);
    this.#lists.set(key, list);
    for (const oldest of [...this.#lists.keys()].slice(0, -MAX_KEPT_LISTS)) this.#lists.delete(oldest);
    return list;
  }

  /** Lists ask again now, without waiting for push. */
  refreshLists(): void {
    for (const list of this.#lists.values()) list.refresh();
  }

  readonly subscribeConnection = (listener: () => void): (() => void) => {
    this.#connectionListeners.add(listener);
    return () => { this.#connectionListeners.delete(listener); };
  };

  async #loadStart(): Promise<void> {
    await Promise.all(START_TYPES.map(async (type) => {
      const answer = await this.transport.call<GetResponse<CachedTypes[typeof type]>>(`${type}/get`, { ids: null }).result;
      this.cache.put(type, answer.list);
      this.cache.setState(type, answer.state);
    }));
  }

  #pushListener() {
    const setConnected = (isConnected: boolean): void => {
      this.isConnected = isConnected;
      for (const listener of this.#connectionListeners) listener();
    };
    return {
      onConnect: () => {
        setConnected(true);
        this.#synchroniser.checkAll();
        this.keys.noteChange();
        this.settings.noteChange();
      },
      onDisconnect: () => setConnected(false),
      onStateChange: (changed: Partial<Record<string, string>>) => {
        this.#synchroniser.stateChanged(changed);
        if (changed['Key'] !== undefined) this.keys.noteChange();
        if (changed['MailAppPassword'] !== undefined) this.settings.noteChange();
      },
      onUnauthorized: this.events.onSignedOut,
    };
  }
}

/** Lists whose places are remembered, so that going back to a mailbox is instant. */
const MAX_KEPT_LISTS = 8;
