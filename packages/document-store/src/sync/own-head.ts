// What this replica states about the log beside each of its pushes, docs/protocol/sync.md §8: what it wrote, what of that is
// not answered for, and how far it had read. Whoever reads it can tell whether the provider shows both of us the same log.

import {
  NO_REVISION, countersOf, incrementRevision, parseDocumentId, parseGeneration,
  type DocumentId, type Generation, type ReplicaHeadDocument, type ReplicaUid,
} from '@paloma/shared-model';
import { encodeContent } from '../local/document-content.js';
import { providerRevision, type DocumentRow } from '../local/document-table.js';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import { exclusiveOr } from '../local/write-ledger.js';
import type { ProviderLog } from './provider-log.js';

/** Documents named as unsettled beyond those of the push itself. With more, as after many lost answers, the statement says nothing. */
const MAX_UNSETTLED = 1000;

export class OwnHead {
  constructor(private readonly store: LocalDocumentStore, private readonly log: ProviderLog) {}

  get documentId(): DocumentId {
    return headIdOf(this.store.replicaUid);
  }

  /** The number of the newest statement that the provider has for certain, and its generation there. */
  get stored(): { number: number; generation: Generation } | null {
    const number = this.store.meta.loadNumber('headNumber');
    return number === 0 ? null : { number, generation: parseGeneration(this.store.meta.loadNumber('headGeneration')) };
  }

  /** The statement to go beside these documents, under the next number. Each number is used once, arrived or not. */
  next(rows: readonly DocumentRow[]): DocumentRow {
    const { documents, replicaUid } = this.store;
    const revision = incrementRevision(documents.find(this.documentId)?.revision ?? NO_REVISION, replicaUid);
    return {
      documentId: this.documentId, type: 'replica-head', schemaVersion: 1, documentClass: 0, revision,
      baseRevision: null, dirtySequence: null, content: encodeContent(this.#statement(rows)),
    };
  }

  /** For a push of deletions to an account that is full: as small as it gets, and without a claim. */
  nextSilent(): DocumentRow {
    return { ...this.next([]), content: encodeContent(silentStatement(this.store.replicaUid)) };
  }

  /**
   * Takes back what was ever stated under a uid that two wrote under: nobody knows any more what is complete of it. Goes up as
   * any other edit of this replica.
   */
  retire(formerUid: ReplicaUid): void {
    const { documents, replicaUid } = this.store;
    const known = documents.find(headIdOf(formerUid));
    if (!known) return;
    const revision = incrementRevision(known.revision, replicaUid);
    this.store.commit((commit) => commit.receive({
      ...known, revision, baseRevision: null, dirtySequence: documents.nextSequence(), content: encodeContent(silentStatement(formerUid)),
    }));
  }

  /** The provider answered for a statement. */
  acknowledge(head: DocumentRow, generation: Generation): void {
    this.store.meta.save('headNumber', numberOf(head, this.store.replicaUid));
    this.store.meta.save('headGeneration', generation);
  }

  /** What the provider has of our statements is not known any more. */
  forget(): void {
    this.store.meta.delete('headNumber');
    this.store.meta.delete('headGeneration');
  }

  #statement(rows: readonly DocumentRow[]): ReplicaHeadDocument {
    const { documents, meta, replicaUid } = this.store;
    const beside = new Set(rows.map(({ documentId }) => documentId));
    const earlier = documents.listSent(MAX_UNSETTLED + rows.length).filter(({ documentId }) => !beside.has(documentId));
    const isSilent = meta.loadNumber('isRecovering') === 1 || earlier.length > MAX_UNSETTLED;
    const unsettled = [...rows.map(({ documentId, revision }) => ({ documentId, revision })), ...earlier.map(({ documentId }) => ({ documentId, revision: null }))];
    return {
      replicaUid, seen: this.#seen(), complete: this.log.completeHead(), previous: this.stored,
      ...(isSilent ? { writes: null, unsettled: [] } : { writes: this.#settledWrites([...rows, ...earlier]), unsettled }),
    };
  }

  #settledWrites(unsettled: readonly DocumentRow[]): Uint8Array {
    const { ledger, replicaUid } = this.store;
    return unsettled.reduce((digest, row) => exclusiveOr(digest, ledger.shareOf(replicaUid, row.documentId, providerRevision(row))), ledger.digestOf(replicaUid));
  }

  #seen(): Record<string, number> {
    const others = this.store.documents.listOfType('replica-head').filter(({ documentId }) => documentId !== this.documentId);
    return Object.fromEntries(others.map((row) => [replicaOf(row), numberOf(row, replicaOf(row))]));
  }
}

/** A statement that claims nothing. Also what two statements under one number become. */
export function silentStatement(replicaUid: string): ReplicaHeadDocument {
  return { replicaUid, writes: null, unsettled: [], seen: {}, complete: null, previous: null };
}

export function headIdOf(replicaUid: ReplicaUid): DocumentId {
  return parseDocumentId(`replica-head:${replicaUid}`);
}

/** The replica that a statement is of. */
export function replicaOf({ documentId }: Pick<DocumentRow, 'documentId'>): ReplicaUid {
  return documentId.slice(documentId.indexOf(':') + 1) as ReplicaUid;
}

/** The number of a statement; 0 when its replica did not write it. */
export function numberOf({ revision }: Pick<DocumentRow, 'revision'>, replicaUid: ReplicaUid): number {
  return countersOf(revision).get(replicaUid) ?? 0;
}
