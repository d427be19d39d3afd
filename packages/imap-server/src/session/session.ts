// One connection's standing: who it is, which mailbox it has selected, which extensions it has enabled. Commands work
// on this; sockets and framing are behind `writer` and `source`.

import type { Clock } from '@paloma/shared-model';
import type { AccountGateway, MailStore, OpenAccount, StorageUsage } from '@paloma/mail-store/port';
import { fetchMessages } from '../fetch/fetch-messages.js';
import type { ImapLimits } from '../limits.js';
import { AnnotationNews } from '../metadata/annotation-news.js';
import type { MailboxWatch } from '../notify/mailbox-watch.js';
import { selectedGroup, type EventGroup } from '../notify/notify-settings.js';
import type { ContextUpdate } from '../search/search-context.js';
import { formatFlags, formatKeyword, SYSTEM_FLAGS } from '../wire/flag.js';
import { formatNumbers } from '../wire/sequence-set.js';
import type { CommandSource } from './command-source.js';
import type { ResponseWriter } from './response-writer.js';
import type { NumberedEntry, SelectedMailbox } from './selected-mailbox.js';

/** What a client can ENABLE. */
export type Extension = 'CONDSTORE' | 'QRESYNC' | 'UTF8=ACCEPT' | 'IMAP4rev2' | 'UIDONLY' | 'METADATA';
export type SessionState = 'notAuthenticated' | 'authenticated' | 'selected';

/** What all sessions of a server share. */
export interface SessionEnvironment {
  readonly gateway: AccountGateway;
  readonly limits: ImapLimits;
  readonly clock: Clock;
  /** Counts a session towards its account; false when the account has as many as it may. */
  admit(session: Session, accountId: string): boolean;
}

/** `startTls`: plain, and no place for a password until STARTTLS has been done. */
export type LineProtection = 'plain' | 'startTls' | 'tls';

/** What a session asks of its connection. */
export interface SessionLine {
  readonly protection: LineProtection;
  /** Once the command that asks for it is answered. */
  startTls(): void;
  /** DEFLATE goes both ways. */
  readonly isCompressed: boolean;
  /** Once the command that asks for it is answered. */
  compress(): void;
  raiseLimits(): void;
  sayGoodbye(reason: string): void;
}

/** What is told of the selected mailbox where nobody says otherwise. */
const ORDINARY_GROUP: EventGroup = { filter: { kind: 'selected' }, events: new Set(['MessageNew', 'MessageExpunge', 'FlagChange']), fetchItems: [] };

export class Session {
  readonly enabled = new Set<Extension>();
  selected: SelectedMailbox | null = null;
  failedLogins = 0;
  /** No further command is read. */
  isOver = false;
  /** What the client wants to hear of other mailboxes, and of the selected one, after NOTIFY. */
  watch: MailboxWatch | null = null;
  /** What others have changed of annotations. */
  readonly annotationNews = new AnnotationNews();
  /** Called when there is something to tell; set while the client only listens. */
  onChange: (() => void) | null = null;
  #account: OpenAccount | null = null;
  #endSubscription: (() => void) | null = null;
  #revoked: AbortSignal | null = null;
  readonly #onRevoked = (): void => this.hangUp('the password of this mail program was revoked');

  constructor(
    readonly environment: SessionEnvironment,
    readonly writer: ResponseWriter,
    readonly source: CommandSource,
    readonly line: SessionLine,
  ) {}

  get state(): SessionState {
    if (!this.#account) return 'notAuthenticated';
    return this.selected ? 'selected' : 'authenticated';
  }

  /** Mailbox names go as UTF-8, both ways. */
  get isUtf8(): boolean {
    return this.enabled.has('UTF8=ACCEPT') || this.enabled.has('IMAP4rev2');
  }

  get store(): MailStore | null {
    return this.#account?.mailStore ?? null;
  }

  /** What the account takes up at its provider; null where nobody counts. */
  get storageUsage(): (() => Promise<StorageUsage | null>) | null {
    const account = this.#account;
    return account?.storageUsage ? () => account.storageUsage!() : null;
  }

  /** Enters the authenticated state, until what was logged in with is revoked; false when the account has too many sessions. */
  enter(account: OpenAccount, revoked: AbortSignal | null = null): boolean {
    if (!this.environment.admit(this, account.mailStore.accountId)) return false;
    this.#account = account;
    this.#endSubscription = account.mailStore.subscribe(({ mailboxIds, annotated }) => {
      if (this.watch) this.watch.isStale = true;
      if (this.selected && mailboxIds.has(this.selected.mailboxId)) this.selected.isStale = true;
      if (annotated && (this.watch || this.enabled.has('METADATA'))) this.annotationNews.note(annotated);
      if (this.hasNews) this.onChange?.();
    });
    this.#revoked = revoked;
    revoked?.addEventListener('abort', this.#onRevoked);
    this.line.raiseLimits();
    return true;
  }

  /** Ends the connection, saying why, also while a command waits for the client. */
  hangUp(reason: string): void {
    this.line.sayGoodbye(reason);
  }

  close(): void {
    this.isOver = true;
    this.selected = null;
    this.#endSubscription?.();
    this.#endSubscription = null;
    this.#revoked?.removeEventListener('abort', this.#onRevoked);
  }

  /** Something has happened that the client may want to hear of. */
  get hasNews(): boolean {
    return this.selected?.isStale === true || this.watch?.isStale === true || !this.annotationNews.isEmpty;
  }

  /** Tells the client what changed in the selected mailbox, and what it asked for with NOTIFY; expunges only where RFC 3501 §7.4.1 allows. */
  async announce({ withExpunges }: { withExpunges: boolean }): Promise<void> {
    const { selected, watch } = this;
    const group = watch ? selectedGroup(watch.settings) : ORDINARY_GROUP;
    if (selected?.hasNews && (group || selected.hasOwnExpunges)) await this.#announceSelected(selected, group ?? ORDINARY_GROUP, { withExpunges });
    if (watch?.isStale) await watch.announce(this);
    if (!this.annotationNews.isEmpty) await this.annotationNews.announce(this);
  }

  async #announceSelected(mailbox: SelectedMailbox, { events, fetchItems }: EventGroup, { withExpunges }: { withExpunges: boolean }): Promise<void> {
    mailbox.hasOwnExpunges = false;
    await mailbox.refresh();
    const updates = await this.#contextUpdates(mailbox);
    const { keywords, changed, expunged, exists, arrived } = mailbox.takeAnnouncements({ withExpunges });
    if (keywords) await this.writer.untagged(`FLAGS ${formatKnownFlags(keywords)}`);
    // RFC 5465 §5.1: the flags before what they change of a search; RFC 5267 §4.3.4: that before expunges move the numbers.
    if (events.has('FlagChange')) for (const message of changed) await this.announceFlags(message);
    for (const { removed } of updates) await this.#tell(removed);
    await this.announceExpunged(expunged);
    if (exists !== null) await this.writer.untagged(`${exists} EXISTS`);
    if (fetchItems.length > 0) await fetchMessages({ session: this, store: this.store!, mailbox }, arrived, fetchItems);
    for (const { added } of updates) await this.#announceAdded(mailbox, added());
  }

  async #announceAdded(mailbox: SelectedMailbox, { line, messages, items }: ReturnType<ContextUpdate['added']>): Promise<void> {
    await this.#tell(line);
    if (items.length > 0) await fetchMessages({ session: this, store: this.store!, mailbox }, messages, items);
  }

  /** Nothing is asked again while nothing has changed. */
  async #contextUpdates(mailbox: SelectedMailbox): Promise<ContextUpdate[]> {
    if (!mailbox.hasStaleContexts) return [];
    mailbox.contextsModSeq = mailbox.highestModSeq;
    const sources = { mailbox, store: this.store!, clock: this.environment.clock };
    const updates: ContextUpdate[] = [];
    for (const context of mailbox.contexts.values()) updates.push(await context.update(sources));
    return updates;
  }

  async #tell(line: string | null): Promise<void> {
    if (line !== null) await this.writer.untagged(line);
  }

  /** VANISHED takes the place of EXPUNGE once QRESYNC or UIDONLY is enabled, RFC 7162 §3.2.10, RFC 9586 §3.4. */
  async announceExpunged(expunged: readonly { sequenceNumber: number; uid: number }[]): Promise<void> {
    if (expunged.length === 0) return;
    if (this.enabled.has('QRESYNC') || this.enabled.has('UIDONLY')) return this.writer.untagged(`VANISHED ${formatNumbers(expunged.map(({ uid }) => uid))}`);
    for (const { sequenceNumber } of expunged) await this.writer.untagged(`${sequenceNumber} EXPUNGE`);
  }

  /** FETCH with the flags; the UID and modseq go along for clients that asked for CONDSTORE (RFC 7162 §3.2.4), the UID after NOTIFY (RFC 5465 §5.1). */
  announceFlags(message: NumberedEntry, { withUid = false } = {}): Promise<void> {
    const { entry } = message;
    const withModSeq = this.enabled.has('CONDSTORE');
    const uid = (withUid || withModSeq || this.watch) && !this.enabled.has('UIDONLY') ? `UID ${entry.uid} ` : '';
    const modSeq = withModSeq ? ` MODSEQ (${entry.modSeq})` : '';
    return this.writer.untagged(`${this.fetchHead(message)} (${uid}FLAGS ${formatFlags(entry)}${modSeq})`);
  }

  /** What RFC 7162 §3.1.3 has told even after STORE .SILENT. */
  announceModSeq(message: NumberedEntry): Promise<void> {
    const { uid, modSeq } = message.entry;
    return this.writer.untagged(`${this.fetchHead(message)} (${this.enabled.has('UIDONLY') ? '' : `UID ${uid} `}MODSEQ (${modSeq}))`);
  }

  /** `12 FETCH`, or `40 UIDFETCH` (RFC 9586 §3.3), which tells the UID and no number. */
  fetchHead({ sequenceNumber, entry }: NumberedEntry): string {
    return this.enabled.has('UIDONLY') ? `${entry.uid} UIDFETCH` : `${sequenceNumber} FETCH`;
  }
}

/** The flags that a mailbox may hold: RFC 3501 §7.2.6. */
export function formatKnownFlags(keywords: readonly string[], ...more: readonly string[]): string {
  return `(${[...new Set([...SYSTEM_FLAGS, ...keywords.map(formatKeyword), ...more])].join(' ')})`;
}
