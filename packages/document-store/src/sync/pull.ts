// Pulling: page by page, each page in one transaction with the cursor behind it, so that what was received stays received
// when the next page never comes. A device that is a page behind asks for all classes at once; one that is further behind asks
// class by class, so that mailboxes and lists are there before the bodies.

import type { DocumentClass, Generation } from '@paloma/shared-model';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import { MAX_SET_ASIDE_ROWS } from '../local/set-aside-table.js';
import type { PullPage, SyncTransport } from '../provider/sync-transport.js';
import { StoreError } from '../store-error.js';
import { ALL_CLASSES, assertPageMoves, type ProviderLog } from './provider-log.js';
import type { ItemReceiver } from './receive-item.js';
import type { SyncReport } from './sync-report.js';

/** Documents of one page: one transaction, some hundreds of milliseconds at most. */
export const PULL_PAGE_RECORDS = 500;

export interface PullParts {
  readonly store: LocalDocumentStore;
  readonly transport: SyncTransport;
  readonly log: ProviderLog;
  readonly receiver: ItemReceiver;
  /** Told after each page how many generations are left. */
  onProgress(pendingDown: number): void;
}

export class Pull {
  constructor(private readonly parts: PullParts, private readonly report: SyncReport) {}

  async run(): Promise<void> {
    const cursors = ALL_CLASSES.map((documentClass) => this.parts.log.cursor(documentClass));
    const areTogether = new Set(cursors).size === 1;
    if (areTogether && cursors[0] !== 0 && (await this.#pullPage(ALL_CLASSES))) return;
    for (const documentClass of ALL_CLASSES) await this.#pullClass(documentClass);
  }

  async #pullClass(documentClass: DocumentClass): Promise<void> {
    while (!(await this.#pullPage([documentClass])));
  }

  /** Whether that was the last page for these classes. */
  async #pullPage(classes: readonly DocumentClass[]): Promise<boolean> {
    const { log, store, transport, onProgress } = this.parts;
    const since = this.#since(classes);
    const page = await transport.pull({ replicaUid: store.replicaUid, since, classes: [...classes], limit: PULL_PAGE_RECORDS, known: log.knownHead() });
    assertPageMoves(page, since);
    this.#commit(page, classes);
    onProgress(page.generation - page.through);
    return page.through === page.generation;
  }

  #commit(page: PullPage, classes: readonly DocumentClass[]): void {
    const { log, receiver, store } = this.parts;
    if (page.items.length === 0 && page.through === this.#since(classes) && log.knownHead()?.generation === page.generation) return log.observeHead(page);
    store.commit((commit) => {
      log.observeHead(page);
      for (const item of page.items) this.#count(receiver.receive(item, commit));
      if (store.setAside.count() > MAX_SET_ASIDE_ROWS) throw new StoreError('tooManySetAside', `more than ${MAX_SET_ASIDE_ROWS} documents do not open`);
      log.advance(classes, page.through);
    });
  }

  #since(classes: readonly DocumentClass[]): Generation {
    return this.parts.log.cursor(classes[0] ?? 0);
  }

  #count(outcome: ReturnType<ItemReceiver['receive']>): void {
    if (outcome === 'accepted') this.report.pulled += 1;
    else if (outcome !== 'known') this.report[outcome] += 1;
  }
}
