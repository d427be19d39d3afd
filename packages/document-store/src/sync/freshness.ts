// Whether the provider shows this device the log that it shows the others: docs/protocol/sync.md §8. Every statement of another
// replica is held against what is here, once everything up to one generation has been received; only then is a difference
// proof. What was found stays an alarm until the user has seen it, also when the provider mends its ways.

import { compareRevisions, parseDocumentId, type Generation, type ReplicaHeadDocument, type ReplicaUid, type Revision } from '@paloma/shared-model';
import { areSameOctets, decodeContent } from '../local/document-content.js';
import { providerRevision, type DocumentRow } from '../local/document-table.js';
import type { LocalDocumentStore } from '../local/local-document-store.js';
import { exclusiveOr } from '../local/write-ledger.js';
import { numberOf, replicaOf, type OwnHead } from './own-head.js';
import type { ProviderLog } from './provider-log.js';

/**
 * withheld: another device wrote, or had seen, something that the provider does not show this one. forked: the provider tells
 * two devices two different histories.
 */
export type FreshnessAlarm = 'withheld' | 'forked';

/** Syncs between two readings of the whole log double up to this many, while what is missing stays missing. */
const MAX_SYNCS_BETWEEN_READINGS = 64;

export interface FreshnessParts {
  readonly store: LocalDocumentStore;
  readonly log: ProviderLog;
  readonly head: OwnHead;
}

export class Freshness {
  /** The head up to which everything was checked and found in order. */
  #verified: Generation | null = null;
  #syncsToReading = 0;
  #syncsBetweenReadings = 0;

  constructor(private readonly parts: FreshnessParts) {}

  get alarm(): FreshnessAlarm | null {
    return this.parts.store.meta.load('freshnessAlarm') as FreshnessAlarm | null;
  }

  /** Two histories are the graver finding, and something is missing in each. */
  raise(alarm: FreshnessAlarm): void {
    if (this.alarm === 'forked') return;
    this.parts.store.meta.save('freshnessAlarm', alarm);
  }

  /** The user has seen the alarm. What caused it, if it is still so, raises it again. */
  dismiss(): void {
    this.parts.store.meta.delete('freshnessAlarm');
    this.#verified = null;
    // A document whose removed tombstone was taken into account, and that somebody made again, looks like one kept back.
    if (this.parts.log.compactedBefore > 0) this.parts.log.beginAgain();
  }

  /** A statement came under this generation; inside the page's transaction. */
  observe(row: DocumentRow, generation: Generation): void {
    const { sql } = this.parts.store;
    const peer = replicaOf(row);
    const number = numberOf(row, peer);
    const known = sql.get<{ number: number; generation: number }>('SELECT number, generation FROM peer_heads WHERE replica_uid = ?', peer);
    if (known && known.number >= number) return;
    if (known && contradictsOrder(statementOf(row), known)) this.raise('forked');
    sql.run('INSERT INTO peer_heads (replica_uid, number, generation) VALUES (?, ?, ?) ON CONFLICT (replica_uid) DO UPDATE SET number = excluded.number, generation = excluded.generation',
      peer, number, generation);
  }

  /** After a pull. Says nothing while not everything up to one generation is here. */
  verify(): void {
    const complete = this.parts.log.completeHead();
    if (!this.parts.log.isComplete || !complete || complete.generation === this.#verified) return;
    if (!this.parts.log.hasBegun) this.#begin();
    const alarm = this.#findContradiction();
    if (alarm) return this.#readAnew(alarm);
    this.#verified = complete.generation;
    this.#syncsToReading = this.#syncsBetweenReadings = 0;
  }

  /** Forgets what was noted of other replicas under the numbers of a log that is no more. */
  forget(): void {
    this.#verified = null;
    this.parts.store.sql.run('DELETE FROM peer_heads');
  }

  /** The share of tombstones that were removed before we began is in what the others state and cannot be reckoned: taken as it is, once. */
  #begin(): void {
    const { log, store } = this.parts;
    store.commit(() => {
      for (const row of log.compactedBefore > 0 ? store.documents.listOfType('replica-head') : []) {
        const peer = replicaOf(row);
        const { writes, unsettled } = statementOf(row);
        if (writes && peer !== store.replicaUid) store.ledger.adopt(peer, exclusiveOr(this.#settledDigest(peer, unsettled), writes));
      }
      log.noteBeginning();
    });
  }

  /** What a provider once kept back it gives out only to those who ask from the beginning. */
  #readAnew(alarm: FreshnessAlarm): void {
    this.raise(alarm);
    if (this.#syncsToReading-- > 0) return;
    this.parts.log.readAnew();
    this.#syncsToReading = this.#syncsBetweenReadings;
    this.#syncsBetweenReadings = Math.min(MAX_SYNCS_BETWEEN_READINGS, 2 * this.#syncsBetweenReadings + 1);
  }

  #findContradiction(): FreshnessAlarm | null {
    const { documents, ledger, replicaUid } = this.parts.store;
    const rows = new Map(documents.listOfType('replica-head').map((row) => [replicaOf(row), row]));
    const writers = new Set([...rows.keys(), ...ledger.writers()]);
    writers.delete(replicaUid);
    const findings = [...writers].map((peer) => this.#contradictionOf(peer, rows));
    return findings.find((finding) => finding === 'forked') ?? findings.find((finding) => finding !== null) ?? null;
  }

  /** Nobody pushes without a statement, so a writer without one is a statement kept back. */
  #contradictionOf(peer: ReplicaUid, rows: ReadonlyMap<ReplicaUid, DocumentRow>): FreshnessAlarm | null {
    const row = rows.get(peer);
    if (!row) return 'withheld';
    const statement = statementOf(row);
    if (this.#contradictsOwn(statement)) return 'forked';
    return this.#isMissingStatement(statement, rows) || this.#isMissingWrite(peer, statement) ? 'withheld' : null;
  }

  /** They had received everything past a statement of ours and yet did not know it, or another head under the same generation. */
  #contradictsOwn({ complete, seen }: ReplicaHeadDocument): boolean {
    if (!complete) return false;
    const { head, log, store } = this.parts;
    const own = head.stored;
    const ours = log.completeHead();
    const isOtherHead = ours?.generation === complete.generation && ours.transactionId !== complete.transactionId;
    return isOtherHead || (own !== null && complete.generation >= own.generation && (seen[store.replicaUid] ?? 0) < own.number);
  }

  #isMissingStatement({ seen }: ReplicaHeadDocument, rows: ReadonlyMap<ReplicaUid, DocumentRow>): boolean {
    return Object.entries(seen).some(([uid, number]) => {
      const replicaUid = uid as ReplicaUid;
      const row = rows.get(replicaUid);
      return replicaUid !== this.parts.store.replicaUid && (!row || numberOf(row, replicaUid) < number);
    });
  }

  #isMissingWrite(peer: ReplicaUid, { writes, unsettled }: ReplicaHeadDocument): boolean {
    if (!writes) return false;
    const isMissing = unsettled.some((entry) => {
      const held = this.#heldOf(peer, entry);
      return entry.revision !== null && (held === null || isOlder(held, entry.revision as Revision));
    });
    if (isMissing) return true;
    const settled = this.#settledDigest(peer, unsettled);
    return !areSameOctets(settled, writes) && !areSameOctets(exclusiveOr(settled, this.#shareOfRegained(peer, unsettled)), writes);
  }

  /**
   * What a replica wrote of documents whose removed tombstone is kept here, and which somebody made again who never knew it (docs/protocol/sync.md
   * §4.1): the provider holds it no more until our edit that joins both is there.
   */
  #shareOfRegained(peer: ReplicaUid, unsettled: ReplicaHeadDocument['unsettled']): Uint8Array {
    const { documents, ledger } = this.parts.store;
    const settled = documents.listDirtyRevisions().filter(({ documentId }) => !unsettled.some((entry) => entry.documentId === documentId));
    return settled.reduce((share, { documentId, revision, baseRevision }) =>
      exclusiveOr(share, exclusiveOr(ledger.shareOf(peer, documentId, baseRevision), ledger.shareOf(peer, documentId, revision))), ledger.noShare);
  }

  /** What is here of a replica's writes, without those that it states to be unsettled. */
  #settledDigest(peer: ReplicaUid, unsettled: ReplicaHeadDocument['unsettled']): Uint8Array {
    const { ledger } = this.parts.store;
    return unsettled.reduce((digest, entry) => exclusiveOr(digest, ledger.shareOf(peer, parseDocumentId(entry.documentId), this.#heldOf(peer, entry))), ledger.digestOf(peer));
  }

  /**
   * What is here of a document that travelled beside a replica's statement. It may have been deleted and removed before we began, also one
   * of which we keep an older tombstone from before we began afresh: then the statement's word is taken.
   */
  #heldOf(peer: ReplicaUid, { documentId, revision: stated }: ReplicaHeadDocument['unsettled'][number]): Revision | null {
    const { documents } = this.parts.store;
    const revision = stated as Revision | null;
    const known = documents.find(parseDocumentId(documentId));
    const held = known && providerRevision(known);
    const isOutdated = known === null || (documents.isDeletedAtProvider(known) && isOlder(held, revision));
    return isOutdated && this.#generationOf(peer) <= this.parts.log.beginning ? revision : held;
  }

  /** Under which a replica's statement came. */
  #generationOf(peer: ReplicaUid): number {
    return this.parts.store.sql.get<{ generation: number }>('SELECT generation FROM peer_heads WHERE replica_uid = ?', peer)?.generation ?? 0;
  }
}

/** What a replica was told of its own earlier statement, against when that, or an even earlier one, came to us. */
function contradictsOrder({ previous }: ReplicaHeadDocument, known: { number: number; generation: number }): boolean {
  if (!previous) return false;
  if (previous.number === known.number) return previous.generation > known.generation;
  return previous.number > known.number && previous.generation <= known.generation;
}

function isOlder(left: Revision | null, right: Revision | null): boolean {
  return left !== null && right !== null && compareRevisions(left, right) === 'older';
}

function statementOf({ content }: DocumentRow): ReplicaHeadDocument {
  return decodeContent(content ?? new Uint8Array(0)) as ReplicaHeadDocument;
}
