// A replica that the provider has forgotten, or that went back to an older state of its own, begins again under a fresh uid,
// docs/protocol/sync.md §4.1. Nothing is dropped before everything the provider has was seen.

import { NO_REVISION, incrementRevision, type Clock, type RandomSource } from '@paloma/shared-model';
import type { DocumentRow } from '../local/document-table.js';
import type { LocalDocumentStore } from '../local/local-document-store.js';
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

/** Takes a fresh uid, makes edits that were not pushed its own, and puts the log back to its beginning; one durable transaction. */
export function startAfresh(store: LocalDocumentStore, random: RandomSource): void {
  store.commit(() => {
    store.renewReplicaUid(random);
    for (let page = pageOfDirty(store, 0); page.length > 0; page = pageOfDirty(store, page.at(-1)?.dirtySequence ?? 0)) {
      // An edit may have gone up under the old uid before that uid went back and made another edit of the same number.
      for (const row of page) store.documents.save({ ...row, revision: incrementRevision(row.baseRevision ?? NO_REVISION, store.replicaUid) });
    }
    store.unconfirmed.doubtAll();
    new ProviderLog(store.meta).restart();
  }, { durable: true });
}

/** When everything the provider has is here: drops what did not come again, unless it was edited meanwhile or waits as an alarm. */
export function dropUnconfirmed(store: LocalDocumentStore): void {
  for (let page = store.unconfirmed.page('', PAGE_DOCUMENTS); page.length > 0; page = store.unconfirmed.page(page.at(-1) ?? '', PAGE_DOCUMENTS)) {
    store.commit((commit) => {
      for (const documentId of page) {
        const isEdited = store.documents.find(documentId)?.dirtySequence !== null;
        if (!isEdited && !store.setAside.holds(store.keys.opaqueDocumentId(documentId))) commit.drop(documentId);
      }
    });
  }
  store.unconfirmed.clear();
}

function pageOfDirty(store: LocalDocumentStore, after: number): DocumentRow[] {
  return store.documents.dirtyAfter(after, store.documents.lastSequence).take(PAGE_DOCUMENTS).toArray();
}
