// What happens to one item of a pull, inside the page's transaction: U1DB's rules on revisions, with what does not open or
// cannot be true set aside instead of stored (the attacks proven on the predecessor: docs/protocol/sync.md, envelope.md §4).

import { compareRevisions, type Clock, type Generation, type RandomSource } from '@paloma/shared-model';
import type { PullItem } from '@paloma/sync-protocol';
import type { Commit } from '../local/commit.js';
import { areSameOctets } from '../local/document-content.js';
import { providerRevision, type DocumentRow, type KnownRow } from '../local/document-table.js';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import { MAX_SET_ASIDE_ROWS, type SetAsideReason } from '../local/set-aside-table.js';
import { StoreError } from '../store-error.js';
import type { Freshness } from './freshness.js';
import { mergeDocuments, type Mergers } from './merge.js';
import { headIdOf, numberOf } from './own-head.js';
import { openItem, sealItem, type OpenedItem, type ReceivedDocument } from './sealed-item.js';

/** accepted: stored. known: already here, or older than an edit here. merged: a conflict, resolved. setAside: an alarm. head: a statement. */
export type ReceiveOutcome = 'accepted' | 'known' | 'merged' | 'setAside' | 'head';

type Opened = Extract<OpenedItem, { ok: true }>;

export interface ReceiverParts {
  readonly store: LocalDocumentStore;
  readonly mergers: Mergers;
  readonly freshness: Freshness;
  readonly clock: Clock;
  readonly random: RandomSource;
}

const NO_OCTETS = new Uint8Array(0) as PullItem['sealed'];

export class ItemReceiver {
  constructor(private readonly parts: ReceiverParts) {}

  /** @throws {StoreError} "replicaReused" when it was written under our own uid, but not by us */
  receive(item: PullItem, commit: Commit): ReceiveOutcome {
    return this.#take(item, commit, (received, local) => this.#assertNotOurs(received, local));
  }

  /** Tries an item again that was set aside; it may hold an edit of ours that gave way. */
  retry(item: PullItem, commit: Commit): ReceiveOutcome {
    return this.#take(item, commit, () => {});
  }

  #take(item: PullItem, commit: Commit, assertSound: (received: ReceivedDocument, local: DocumentRow | null) => void): ReceiveOutcome {
    if (this.parts.store.keys.isRetired(item.epoch)) return this.#setAsideRetired(item);
    const opened = openItem(item, this.parts.store);
    if (!opened.ok) return this.#setAside(item, opened.reason);
    const local = this.parts.store.documents.find(opened.document.documentId);
    assertSound(opened.document, local);
    const outcome = this.#reconcile(item, opened, local, commit);
    if (outcome !== 'setAside') this.parts.store.setAside.resolve(item.id, item.revision);
    this.parts.store.unconfirmed.confirm(opened.document.documentId);
    return outcome;
  }

  /** Only this replica counts up under its uid, so a higher count is of a newer state of this store, or of a copy of it. */
  #assertNotOurs(received: ReceivedDocument, local: DocumentRow | null): void {
    const { replicaUid } = this.parts.store;
    const [theirs, ours] = [numberOf(received, replicaUid), local ? numberOf(local, replicaUid) : 0];
    const isOtherHead = received.type === 'replica-head' && theirs > 0 && theirs === ours && !areSameOctets(received.content, local?.content ?? null);
    if (theirs > ours || isOtherHead) throw new StoreError('replicaReused', 'the uid of this store was used by another state of it');
  }

  #reconcile(item: PullItem, opened: Opened, local: KnownRow | null, commit: Commit): ReceiveOutcome {
    const received = opened.document;
    const order = local ? compareRevisions(received.revision, local.revision) : 'newer';
    if (!local || order === 'newer') return this.#accept(opened, item.generation, { known: local, commit });
    if (order === 'concurrent') return this.#merge(item, received, local, commit);
    if (order === 'older' && this.#isOwnHead(local)) return 'head';
    if (isRollBack(received, local)) return this.#healRollBack(item, local, commit);
    this.parts.store.documents.acknowledge(local.documentId, received.revision);
    return 'known';
  }

  /** Of ours, the provider may have any that came before the last one sent. */
  #isOwnHead({ documentId }: DocumentRow): boolean {
    return documentId === headIdOf(this.parts.store.replicaUid);
  }

  #accept({ document, content }: Opened, generation: Generation, { known, commit }: { known: KnownRow | null; commit: Commit }): 'accepted' | 'head' {
    const row = { ...document, baseRevision: null, dirtySequence: null };
    commit.receive(row, { known, after: content });
    if (row.type !== 'replica-head') return 'accepted';
    this.parts.freshness.observe(row, generation);
    return 'head';
  }

  #merge(item: PullItem, received: ReceivedDocument, local: KnownRow, commit: Commit): ReceiveOutcome {
    const { freshness, store, mergers } = this.parts;
    // A provider moves a document from a state to its descendants alone, so this one told somebody else another history; but for
    // a tombstone, which it may have removed before somebody made the document who never knew it (docs/protocol/sync.md §4.1).
    const before = store.documents.isDeletedAtProvider(local) ? null : providerRevision(local);
    if (before !== null && compareRevisions(received.revision, before) === 'concurrent') freshness.raise('forked');
    const outcome = mergeDocuments(local, received, mergers, store.replicaUid);
    if (outcome.kind !== 'merged') this.#setAside(outcome.loser === 'received' ? item : this.#asItem(local, item), outcome.kind);
    if (outcome.kind === 'unmergeable') {
      if (outcome.loser === 'local') commit.receive({ ...received, baseRevision: null, dirtySequence: null });
      else store.documents.acknowledge(local.documentId, received.revision);
      return 'setAside';
    }
    const { content, revision } = outcome;
    commit.receive({ ...local, content, revision, baseRevision: received.revision, dirtySequence: store.documents.nextSequence() });
    return outcome.kind === 'merged' ? 'merged' : 'setAside';
  }

  /** The provider lost, or hides, what it had: our state goes up again. */
  #healRollBack(item: PullItem, local: KnownRow, commit: Commit): ReceiveOutcome {
    const dirtySequence = local.dirtySequence ?? this.parts.store.documents.nextSequence();
    commit.receive({ ...local, baseRevision: item.revision, dirtySequence });
    return this.#setAside(item, 'rolledBack');
  }

  /** A state of this device in the form in which it would have arrived, so that it can wait among the others. */
  #asItem(local: DocumentRow, { generation }: PullItem): PullItem {
    return { ...sealItem(local, this.parts.store, this.parts.random), generation };
  }

  /** However many a provider replays, as one does that was put back to an old backup: the pull goes on, and what is here goes up again. */
  #setAsideRetired(item: PullItem): 'setAside' {
    if (this.parts.store.setAside.count() < MAX_SET_ASIDE_ROWS) this.#setAside({ ...item, sealed: NO_OCTETS }, 'retiredEpoch');
    return 'setAside';
  }

  #setAside(item: PullItem, reason: SetAsideReason): 'setAside' {
    this.parts.store.setAside.save(item, reason, this.parts.clock.nowMs());
    return 'setAside';
  }
}

/** An older state than the provider is known to have had already. */
function isRollBack(received: ReceivedDocument, local: DocumentRow): boolean {
  const before = providerRevision(local);
  return before !== null && compareRevisions(received.revision, before) === 'older';
}
