// What one connection believes of its selected mailbox. Sequence numbers are places in this list and move only when the
// client is told so; what the store has changed since waits here to be announced (RFC 3501 §5.5, §7.4.1).

import type { MailboxId } from '@paloma/shared-model';
import type { MailboxView, MailboxViewChanges, MailStore, ViewEntry } from '@paloma/mail-store/port';
import type { SearchContext } from '../search/search-context.js';
import { isSystemKeyword } from '../wire/flag.js';
import { resolveSequenceSet, type SequenceSet } from '../wire/sequence-set.js';

/** A message under its sequence number. */
export interface NumberedEntry { sequenceNumber: number; entry: ViewEntry }

/** What the client has not heard yet, in the order in which it must be told. */
export interface Announcements {
  /** Keywords that the mailbox did not hold before, when there are any: all of them. */
  keywords: readonly string[] | null;
  /** By the numbers before expunges. */
  changed: readonly NumberedEntry[];
  /** Sequence numbers as EXPUNGE tells them: each counted after the ones before it have gone. */
  expunged: readonly { sequenceNumber: number; uid: number }[];
  /** New number of messages, when there are more than the client knows of. */
  exists: number | null;
  /** The messages that make the difference. */
  arrived: readonly NumberedEntry[];
}

export class SelectedMailbox {
  readonly mailboxId: MailboxId;
  readonly uidValidity: number;
  uidNext: number;
  highestModSeq: number;
  /** UIDs of the last SEARCH RETURN (SAVE), RFC 5182. */
  savedUids: ReadonlySet<number> = new Set();
  /** Searches whose changes are told, by tag (RFC 5267). They end with the selection. */
  readonly contexts = new Map<string, SearchContext>();
  /** The state of the mailbox that these searches know. */
  contextsModSeq = 0;
  /** The store has changed it since the last refresh. */
  isStale = false;
  /** A command of this session took messages out, which its client must hear. */
  hasOwnExpunges = false;
  #entries: readonly ViewEntry[];
  /** Entries from here on are not known to the client. */
  #announcedCount: number;
  #hasUnannouncedKeywords = false;
  readonly #keywords = new Set<string>();
  readonly #vanishedUids = new Set<number>();
  readonly #changedUids = new Set<number>();

  /** `view` is held as long as the mailbox is selected: the store lets sessions share what is the same in their views. */
  constructor(private readonly store: MailStore, private readonly view: MailboxView, readonly isReadOnly: boolean) {
    this.mailboxId = view.mailboxId;
    this.uidValidity = view.uidValidity;
    this.uidNext = view.uidNext;
    this.highestModSeq = view.highestModSeq;
    this.#entries = view.entries;
    this.#announcedCount = view.entries.length;
    this.#noteKeywords(view.keywords);
  }

  /** Number of messages the client knows of or is about to hear of. */
  get count(): number {
    return this.#entries.length;
  }

  get entries(): readonly ViewEntry[] {
    return this.#entries;
  }

  /** All messages under their sequence numbers. */
  get numbered(): NumberedEntry[] {
    return this.#numbered(0, this.count);
  }

  get keywords(): readonly string[] {
    return [...this.#keywords];
  }

  /** The messages of a set. Null when a sequence number is beyond the last message. Unknown UIDs are left out. */
  resolve(set: SequenceSet, isUid: boolean): NumberedEntry[] | null {
    const messages = this.resolveEach(set, isUid);
    return messages && [...messages];
  }

  /** The same, one by one: a hundred thousand messages are not numbered all before the first is answered. */
  resolveEach(set: SequenceSet, isUid: boolean): Iterable<NumberedEntry> | null {
    if (set === '$') return this.numbered.filter(({ entry }) => this.savedUids.has(entry.uid));
    const ranges = resolveSequenceSet(set, isUid ? (this.#entries.at(-1)?.uid ?? 0) : this.count);
    if (!isUid && (ranges.at(-1)?.high ?? 0) > this.count) return null;
    const places = ranges.map(({ low, high }) => (isUid ? [this.#firstFrom(low), this.#firstFrom(high + 1)] as const : [low - 1, high] as const));
    return this.#numberedEach(places);
  }

  /** The entry as it is now; null when it is gone from the snapshot. */
  find(uid: number): NumberedEntry | null {
    const index = this.#indexOf(uid);
    return index < 0 ? null : { sequenceNumber: index + 1, entry: this.#entries[index]! };
  }

  /** The message as it is now; null when it is gone from the snapshot. */
  current(message: NumberedEntry): NumberedEntry | null {
    return this.#entries[message.sequenceNumber - 1] === message.entry ? message : this.find(message.entry.uid);
  }

  /** The message has left the mailbox, and the client has not heard of it. */
  hasVanished(uid: number): boolean {
    return this.#vanishedUids.has(uid);
  }

  /** Takes in what the store has changed. The client's numbers stay as they are. */
  async refresh(): Promise<void> {
    if (!this.isStale) return;
    this.isStale = false;
    this.#merge((await this.store.viewChangesSince(this.mailboxId, this.highestModSeq)) ?? (await this.#changesByComparison()));
  }

  /** The client knows the present state of these messages from an answer. */
  markAnnounced(uids: Iterable<number>): void {
    for (const uid of uids) this.#changedUids.delete(uid);
  }

  /** There may be something to tell. */
  get hasNews(): boolean {
    return this.isStale || this.hasOwnExpunges || this.hasStaleContexts
      || this.#hasUnannouncedKeywords || this.#changedUids.size > 0 || this.#vanishedUids.size > 0 || this.count > this.#announcedCount;
  }

  /** What these searches found is of an earlier state of the mailbox. */
  get hasStaleContexts(): boolean {
    return this.contexts.size > 0 && this.highestModSeq !== this.contextsModSeq;
  }

  /** What waits to be told, which then counts as told. */
  takeAnnouncements({ withExpunges }: { withExpunges: boolean }): Announcements {
    const keywords = this.#hasUnannouncedKeywords ? this.keywords : null;
    this.#hasUnannouncedKeywords = false;
    const changed = [...this.#changedUids].sort((a, b) => a - b).flatMap((uid) => this.find(uid) ?? []);
    this.#changedUids.clear();
    const expunged = withExpunges ? this.#takeExpunged() : [];
    const exists = this.count > this.#announcedCount ? this.count : null;
    const arrived = this.#numbered(this.#announcedCount, this.count);
    this.#announcedCount = this.count;
    return { keywords, changed, expunged, exists, arrived };
  }

  #takeExpunged(): { sequenceNumber: number; uid: number }[] {
    const expunged: { sequenceNumber: number; uid: number }[] = [];
    if (this.#vanishedUids.size === 0) return expunged;
    this.#entries.forEach(({ uid }, index) => {
      const isKnown = index < this.#announcedCount;
      if (this.#vanishedUids.has(uid) && isKnown) expunged.push({ sequenceNumber: index + 1 - expunged.length, uid });
    });
    this.#entries = this.#entries.filter(({ uid }) => !this.#vanishedUids.has(uid));
    this.#announcedCount -= expunged.length;
    this.#vanishedUids.clear();
    return expunged;
  }

  #merge(changes: MailboxViewChanges): void {
    this.highestModSeq = changes.highestModSeq;
    this.uidNext = changes.uidNext;
    if (changes.changed.length > 0) this.#mergeEntries(changes.changed);
    for (const uid of changes.vanished) if (this.#indexOf(uid) >= 0) this.#vanishedUids.add(uid);
    for (const uid of changes.vanished) this.#changedUids.delete(uid);
  }

  #mergeEntries(changed: readonly ViewEntry[]): void {
    const entries = this.#entries === this.view.entries ? [...this.#entries] : this.#entries as ViewEntry[];
    this.#entries = entries;
    for (const entry of changed) {
      this.#noteKeywords(entry.keywords);
      const index = this.#indexOf(entry.uid);
      if (index < 0) entries.push(entry);
      else {
        if (entries[index]!.modSeq !== entry.modSeq && index < this.#announcedCount) this.#changedUids.add(entry.uid);
        entries[index] = entry;
      }
    }
  }

  /** For a store that does not remember so far back, and for a mailbox that is gone: all of it has vanished. */
  async #changesByComparison(): Promise<MailboxViewChanges> {
    const view = await this.store.openView(this.mailboxId);
    const present = new Set(view?.entries.map(({ uid }) => uid));
    return {
      highestModSeq: view?.highestModSeq ?? this.highestModSeq,
      uidNext: view?.uidNext ?? this.uidNext,
      changed: view?.entries.filter(({ uid, modSeq }) => this.find(uid)?.entry.modSeq !== modSeq) ?? [],
      vanished: this.#entries.map(({ uid }) => uid).filter((uid) => !present.has(uid)),
    };
  }

  #noteKeywords(keywords: readonly string[]): void {
    for (const keyword of keywords) {
      if (this.#keywords.has(keyword) || isSystemKeyword(keyword)) continue;
      this.#keywords.add(keyword);
      this.#hasUnannouncedKeywords = true;
    }
  }

  /** Entries at places from `start` to before `end`. */
  #numbered(start: number, end: number): NumberedEntry[] {
    return this.#entries.slice(start, end).map((entry, index) => ({ sequenceNumber: start + index + 1, entry }));
  }

  *#numberedEach(places: readonly (readonly [start: number, end: number])[]): Generator<NumberedEntry> {
    for (const [start, end] of places) {
      for (let place = start; place < Math.min(end, this.count); place += 1) yield { sequenceNumber: place + 1, entry: this.#entries[place]! };
    }
  }

  /** Place of a UID, or -1. */
  #indexOf(uid: number): number {
    const index = this.#firstFrom(uid);
    return this.#entries[index]?.uid === uid ? index : -1;
  }

  /** First place with this UID or a higher one. Entries ascend by UID. */
  #firstFrom(uid: number): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#entries[middle]!.uid < uid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
