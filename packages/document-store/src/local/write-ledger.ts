// What each replica of the account has written, as far as this one has been shown, in one number per replica: the exclusive or
// of a keyed hash of (document, replica, how often it wrote it) over all documents that the provider is known to hold. A set
// hash of this kind finds every difference as long as its key is secret from whoever chooses the set (Clarke et al.,
// "Incremental Multiset Hash Functions", 2003), and a change costs one hash, whatever the number of documents.
//
// It moves with the transaction that moves the documents, as the mark counter does. docs/protocol/sync.md §8.

import { countersOf, typeOfDocumentId, type DocumentId, type DocumentType, type ReplicaUid, type Revision } from '@paloma/shared-model';
import type { StorageKeys } from '@paloma/crypto/secret';
import type { Sql } from '../document-store.js';

/** Octets of a digest: those of a derived id. */
const DIGEST_OCTETS = 24;
/** Statements about the log are not part of what they state. */
const STATEMENT: DocumentType = 'replica-head';

export class WriteLedger {
  readonly noShare: Uint8Array = new Uint8Array(DIGEST_OCTETS);
  /** Digests that this transaction has moved. */
  readonly #moved = new Map<ReplicaUid, Uint8Array>();

  constructor(private readonly sql: Sql, private readonly keys: Pick<StorageKeys, 'deriveId'>) {}

  /** What the provider is known to hold of a document changed; null: nothing. */
  move(documentId: DocumentId, before: Revision | null, after: Revision | null): void {
    if (before === after || typeOfDocumentId(documentId) === STATEMENT) return;
    const [old, now] = [countersIn(before), countersIn(after)];
    for (const replicaUid of new Set([...old.keys(), ...now.keys()])) {
      if (old.get(replicaUid) === now.get(replicaUid)) continue;
      const share = exclusiveOr(this.#hash(documentId, replicaUid, old.get(replicaUid)), this.#hash(documentId, replicaUid, now.get(replicaUid)));
      this.#moved.set(replicaUid, exclusiveOr(this.digestOf(replicaUid), share));
    }
  }

  /** Takes a difference that cannot be reckoned as it is: the share of tombstones removed before this replica began. */
  adopt(replicaUid: ReplicaUid, difference: Uint8Array): void {
    this.#moved.set(replicaUid, exclusiveOr(this.digestOf(replicaUid), difference));
  }

  /** All zeros for a replica that wrote nothing. */
  digestOf(replicaUid: ReplicaUid): Uint8Array {
    return this.#moved.get(replicaUid) ?? this.sql.get<{ digest: Buffer }>('SELECT digest FROM write_digests WHERE replica_uid = ?', replicaUid)?.digest ?? new Uint8Array(DIGEST_OCTETS);
  }

  /** What one document, in the revision that the provider is known to hold, adds to a replica's digest. */
  shareOf(replicaUid: ReplicaUid, documentId: DocumentId, revision: Revision | null): Uint8Array {
    return this.#hash(documentId, replicaUid, countersIn(revision).get(replicaUid));
  }

  /** Replicas that wrote something. Outside a transaction. */
  writers(): ReplicaUid[] {
    return this.sql.all<{ replicaUid: ReplicaUid; digest: Buffer }>('SELECT replica_uid AS replicaUid, digest FROM write_digests')
      .filter(({ digest }) => digest.some((octet) => octet !== 0)).map(({ replicaUid }) => replicaUid);
  }

  /** Nothing is known of the provider any more. */
  clear(): void {
    this.#moved.clear();
    this.sql.run('DELETE FROM write_digests');
  }

  /** Inside the transaction, at its end. */
  save(): void {
    for (const [replicaUid, digest] of this.#moved) {
      this.sql.run('INSERT INTO write_digests (replica_uid, digest) VALUES (?, ?) ON CONFLICT (replica_uid) DO UPDATE SET digest = excluded.digest', replicaUid, digest);
    }
  }

  committed(): void {
    this.#moved.clear();
  }

  rolledBack(): void {
    this.#moved.clear();
  }

  #hash(documentId: DocumentId, replicaUid: ReplicaUid, count: number | undefined): Uint8Array {
    if (count === undefined || typeOfDocumentId(documentId) === STATEMENT) return new Uint8Array(DIGEST_OCTETS);
    return Buffer.from(this.keys.deriveId('replica-head', `${documentId}\n${replicaUid}\n${count}`), 'base64url');
  }
}

export function exclusiveOr(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((octet, index) => octet ^ (right[index] ?? 0));
}

function countersIn(revision: Revision | null): ReadonlyMap<ReplicaUid, number> {
  return revision === null ? new Map() : countersOf(revision);
}
