// A replica that the provider has forgotten, or that stands before tombstones that were removed, begins again under a fresh uid,
// docs/protocol/sync.md §4.1. Nothing is dropped before everything the provider has was seen.

import type { Clock, RandomSource } from '@paloma/shared-model';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import { OwnHead } from './own-head.js';
import { ProviderLog } from './provider-log.js';

/** A year less a month, for clocks and months that differ. Earlier no provider forgets a replica. */
const FORGOTTEN_AFTER_MS = 335 * 24 * 60 * 60_000;
/** Documents looked at in one transaction. */
const PAGE_DOCUMENTS = 200;

/** Whether a provider may rightly say that it has forgotten this replica: it was not in touch for that long. */
export function isLongSilent(store: LocalDocumentStore, clock: Clock): boolean {
  const lastSyncAtMs = store.meta.loadNumber('lastSyncAtMs');
  return lastSyncAtMs > 0 && clock.nowMs() - lastSyncAtMs >= FORGOTTEN_AFTER_MS;
}

/** Takes a fresh uid, under which edits that were not pushed go on, doubts everything else, and reads the log from its beginning. */
export function startAfresh(store: LocalDocumentStore, random: RandomSource): void {
  const log = new ProviderLog(store.meta);
  store.renewReplica(random);
  store.commit(() => {
    store.unconfirmed.doubtAll();
    new OwnHead(store, log).forget();
    log.readAnew();
    log.forgetBeginning();
  }, { durable: true });
}

/** When everything the provider has is here: drops what did not come again, unless it was edited meanwhile or waits as an alarm. */
export function dropUnconfirmed(store: LocalDocumentStore): void {
  for (let page = store.unconfirmed.page('', PAGE_DOCUMENTS); page.length > 0; page = store.unconfirmed.page(page.at(-1) ?? '', PAGE_DOCUMENTS)) {
    store.commit((commit) => {
      for (const documentId of page) {
        const row = store.documents.find(documentId);
        const isKept = row === null || row.dirtySequence !== null || store.setAside.holds(store.keys.opaqueDocumentId(documentId));
        if (!isKept) commit.drop(row);
      }
    });
  }
  store.unconfirmed.clear();
}
