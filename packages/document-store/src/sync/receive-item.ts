// What happens to one item of a pull, inside the page's transaction: U1DB's rules on revisions, with what does not open or
// cannot be true set aside instead of stored (the attacks proven on the predecessor: docs/protocol/sync.md, envelope.md §4).

import { compareRevisions, type Clock, type RandomSource } from '@paloma/shared-model';
import type { PullItem } from '@paloma/sync-protocol';
import type { Commit } from '../local/commit.js';
import type { DocumentRow } from '../local/document-table.js';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import type { SetAsideReason } from '../local/set-aside-table.js';
import { mergeDocuments, type Mergers } from './merge.js';
import { openItem, sealItem, type ReceivedDocument } from './sealed-item.js';

/** accepted: stored. known: already here, or older than an edit here. merged: a conflict, resolved. setAside: an alarm. */
export type ReceiveOutcome = 'accepted' | 'known' | 'merged' | 'setAside';

export interface ReceiverParts {
  readonly store: LocalDocumentStore;
  readonly mergers: Mergers;
  readonly clock: Clock;
  readonly random: RandomSource;
}

export class ItemReceiver {
  constructor(private readonly parts: ReceiverParts) {}

  receive(item: PullItem, commit: Commit): ReceiveOutcome {
    const opened = openItem(item, this.parts.store);
    if (!opened.ok) return this.#setAside(item, opened.reason);
    const local = this.parts.store.documents.find(opened.document.documentId);
    const outcome = this.#reconcile(item, opened.document, local, commit);
    if (outcome !== 'setAside') this.parts.store.setAside.resolve(item.id, item.revision);
    return outcome;
  }

  #reconcile(item: PullItem, received: ReceivedDocument, local: DocumentRow | null, commit: Commit): ReceiveOutcome {
    const order = local ? compareRevisions(received.revision, local.revision) : 'newer';
    if (!local || order === 'newer') {
      commit.receive({ ...received, baseRevision: null, dirtySequence: null });
      return 'accepted';
    }
    if (order === 'concurrent') return this.#merge(item, received, local, commit);
    if (order === 'same') this.parts.store.documents.acknowledge(local.documentId, local.revision);
    else if (isRollBack(received, local)) return this.#healRollBack(item, local, commit);
    return 'known';
  }

  #merge(item: PullItem, received: ReceivedDocument, local: DocumentRow, commit: Commit): ReceiveOutcome {
    const { store, mergers } = this.parts;
    const outcome = mergeDocuments(local, received, mergers, store.replicaUid);
    if (outcome.kind !== 'merged') this.#setAside(outcome.loser === 'received' ? item : this.#asItem(local, item), outcome.kind);
    if (outcome.kind === 'unmergeable') {
      if (outcome.loser === 'local') commit.receive({ ...received, baseRevision: null, dirtySequence: null });
      return 'setAside';
    }
    const { content, revision } = outcome;
    commit.receive({ ...local, content, revision, baseRevision: received.revision, dirtySequence: store.documents.nextSequence() });
    return outcome.kind === 'merged' ? 'merged' : 'setAside';
  }

  /** The provider lost, or hides, what it had: our state goes up again. */
  #healRollBack(item: PullItem, local: DocumentRow, commit: Commit): ReceiveOutcome {
    const dirtySequence = local.dirtySequence ?? this.parts.store.documents.nextSequence();
    commit.receive({ ...local, baseRevision: item.revision, dirtySequence });
    return this.#setAside(item, 'rolledBack');
  }

  /** A state of this device in the form in which it would have arrived, so that it can wait among the others. */
  #asItem(local: DocumentRow, { generation }: PullItem): PullItem {
    return { ...sealItem(local, this.parts.store, this.parts.random), generation };
  }

  #setAside(item: PullItem, reason: SetAsideReason): 'setAside' {
    this.parts.store.setAside.save(item, reason, this.parts.clock.nowMs());
    return 'setAside';
  }
}

/** An older state than the provider is known to have had already. */
function isRollBack(received: ReceivedDocument, local: DocumentRow): boolean {
  const provider = local.dirtySequence === null ? local.revision : local.baseRevision;
  return provider !== null && compareRevisions(received.revision, provider) === 'older';
}
