// Pulling: page by page, each page in one transaction with the cursor behind it, so that what was received stays received
// when the next page never comes. A device that is a page behind asks for all classes at once; one that is further behind asks
// class by class, so that mailboxes and lists are there before the bodies. A new device takes its summaries newest first, the
// first pages small (docs/protocol/sync.md §4): the list that its user looks at is there at once.

import { DOCUMENT_CLASSES, type DocumentClass, type Generation } from '@paloma/shared-model';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import { MAX_SET_ASIDE_ROWS } from '../local/set-aside-table.js';
import type { PullPage, SyncTransport } from '../provider/sync-transport.js';
import { StoreError } from '../store-error.js';
import { ALL_CLASSES, assertPageDescends, assertPageMoves, type ProviderLog } from './provider-log.js';
import type { ItemReceiver } from './receive-item.js';
import type { SyncReport } from './sync-report.js';

/** Documents of one page: one transaction, some hundreds of milliseconds at most. */
const PULL_PAGE_RECORDS = 500;
/** Documents of a new device's first page of summaries: a screen of mail. The pages after it double. */
const FIRST_PAGE_RECORDS = 125;

const { account: ACCOUNT, summary: SUMMARY } = DOCUMENT_CLASSES;

export interface PullParts {
  readonly store: LocalDocumentStore;
  readonly transport: SyncTransport;
  readonly log: ProviderLog;
  readonly receiver: ItemReceiver;
  /** Whether what we wrote ourselves is to come back too. */
  readonly withOwn: boolean;
  /** Ends the pull between two pages, with its reason. */
  readonly signal: AbortSignal;
  /** Told after each page how much is left: `SyncStatus.pendingDown`. */
  onProgress(pendingDown: number): void;
}

export class Pull {
  constructor(private readonly parts: PullParts, private readonly report: SyncReport) {}

  async run(): Promise<void> {
    const { log } = this.parts;
    if (log.isTogether && log.cursor(ACCOUNT) !== 0 && (await this.#pullPage(ALL_CLASSES))) return log.noteComplete();
    for (const documentClass of ALL_CLASSES) {
      const isComplete = documentClass === SUMMARY && (await this.#pullNewest());
      if (!isComplete) await this.#pullClass(documentClass);
    }
    if (!log.isTogether) await this.#pullTogether();
    log.noteComplete();
  }

  /**
   * Others wrote while the classes were read one by one. Read together from where the first one ended, they all end at one
   * generation, and only then can be told whether anything was kept back (docs/protocol/sync.md §8).
   */
  async #pullTogether(): Promise<void> {
    const { log, store } = this.parts;
    const first = ALL_CLASSES.map((documentClass) => log.cursor(documentClass)).reduce((lowest, cursor) => (cursor < lowest ? cursor : lowest));
    store.commit(() => log.advance(ALL_CLASSES, first));
    while (!(await this.#pullPage(ALL_CLASSES)));
  }

  /** Mailboxes, keys and settings alone: what a device needs before it can be used. */
  async runAccount(): Promise<void> {
    await this.#pullClass(ACCOUNT);
  }

  /**
   * Begins, or goes on, with what a new device has not looked at yet; what comes meanwhile goes first. Whether there was
   * anything: then all summaries are here.
   */
  async #pullNewest(): Promise<boolean> {
    const { log, store } = this.parts;
    const isNew = log.cursor(SUMMARY) === 0 && !store.documents.holdsClass(SUMMARY);
    const wasBehind = isNew || log.floor > 0;
    let limit = FIRST_PAGE_RECORDS;
    for (let isFirst = isNew; isFirst || log.floor > 0; isFirst = false) {
      const head = await this.#pullPageDown(limit, isFirst);
      if (head > log.cursor(SUMMARY)) for (const documentClass of [ACCOUNT, SUMMARY] as const) await this.#pullClass(documentClass);
      limit = Math.min(limit * 2, PULL_PAGE_RECORDS);
    }
    return wasBehind;
  }

  async #pullClass(documentClass: DocumentClass): Promise<void> {
    while (!(await this.#pullPage([documentClass])));
  }

  /** Whether that was the last page for these classes. */
  async #pullPage(classes: readonly DocumentClass[]): Promise<boolean> {
    const { log, signal, store, transport, withOwn, onProgress } = this.parts;
    signal.throwIfAborted();
    const since = this.#since(classes);
    const page = await transport.pull({ replicaUid: store.replicaUid, own: withOwn, since, classes: [...classes], limit: PULL_PAGE_RECORDS, known: log.ownHead() });
    log.assertGoesOn(page);
    assertPageMoves(page, since);
    this.#commitUnlessIdle(page, classes);
    onProgress(log.pendingDown(page.generation));
    return page.through === page.generation;
  }

  /** The newest page of summaries, or the next one below. Returns the head. */
  async #pullPageDown(limit: number, isFirst: boolean): Promise<Generation> {
    const { log, signal, store, transport, withOwn, onProgress } = this.parts;
    signal.throwIfAborted();
    const until = isFirst ? undefined : log.floor;
    const since = 0 as Generation;
    const page = await transport.pull({ replicaUid: store.replicaUid, own: withOwn, since, until, order: 'newest', classes: [SUMMARY], limit, known: log.ownHead() });
    log.assertGoesOn(page);
    assertPageDescends(page, until);
    // Oldest of the page first: messages before the emails that file them, and numbers in the order of time.
    this.#commit({ ...page, items: page.items.toReversed() }, () => {
      if (isFirst) log.advance([SUMMARY], page.generation);
      log.lowerFloor(page.through);
    });
    onProgress(log.pendingDown(page.generation));
    return page.generation;
  }

  #commitUnlessIdle(page: PullPage, classes: readonly DocumentClass[]): void {
    const { log } = this.parts;
    const isIdle = page.items.length === 0 && page.through === this.#since(classes) && log.knownHead()?.generation === page.generation;
    if (isIdle) log.observeHead(page);
    else this.#commit(page, () => log.advance(classes, page.through));
  }

  #commit(page: PullPage, moveCursor: () => void): void {
    const { log, receiver, store } = this.parts;
    store.commit((commit) => {
      log.observeHead(page);
      log.noteCompacted(page.compacted);
      for (const item of page.items) this.#count(receiver.receive(item, commit));
      if (store.setAside.count() > MAX_SET_ASIDE_ROWS) throw new StoreError('tooManySetAside', `more than ${MAX_SET_ASIDE_ROWS} documents do not open`);
      moveCursor();
    });
  }

  #since(classes: readonly DocumentClass[]): Generation {
    return this.parts.log.cursor(classes[0] ?? 0);
  }

  #count(outcome: ReturnType<ItemReceiver['receive']>): void {
    if (outcome === 'accepted') this.report.pulled += 1;
    else if (outcome === 'merged' || outcome === 'setAside') this.report[outcome] += 1;
  }
}
