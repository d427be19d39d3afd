// When an old storage root leaves the vault, docs/protocol/envelope.md §6.1. It is the one act that can lose what others wrote, so
// it waits for everybody, then for as long as a backup of the provider may be old, and then looks once more whether anything
// needs the root: nothing is left to the order in which things arrive. Every step may break off and be done again.

import type { BlobId, BlobNamespace, Clock, ReplicaUid } from '@paloma/shared-model';
import { sealedBlobEpoch } from '@paloma/crypto/secret';
import type { PullItem } from '@paloma/sync-protocol';
import type { PullPage, SyncTransport } from '../provider/sync-transport.js';
import { StoreError } from '../store-error.js';
import { ALL_CLASSES, assertPageMoves } from '../sync/provider-log.js';
import { openItem } from '../sync/sealed-item.js';
import type { SyncReport } from '../sync/sync-report.js';
import { resealBlob, type BlobResealingParts } from './reseal-blob.js';

/** From when everybody has passed the epoch. A provider that is put back to an older backup than this brings back what nobody can open. */
export const RETIREMENT_DELAY_MS = 30 * 24 * 60 * 60_000;
/** Between two looks at whether it is time. */
const LOOK_INTERVAL_MS = 24 * 60 * 60_000;
const PAGE_RECORDS = 500;
const LIST_BLOBS = 1000;
/** More than the header of a blob, which says its epoch. */
const BLOB_BEGINNING_OCTETS = 64;

export interface RetirementParts extends BlobResealingParts {
  readonly transport: Pick<SyncTransport, 'pull' | 'listBlobs' | 'fetchBlob' | 'fetchBlobPart'>;
  readonly namespaces: readonly BlobNamespace[];
  readonly clock: Clock;
  /** Replicas that the provider still lets in. */
  listReplicas(): Promise<readonly ReplicaUid[]>;
  sync(): Promise<SyncReport>;
  /** `AccountVault.retireRootsBefore`; false when the vault is not to be changed from here. */
  retireRootsBefore(epoch: number): Promise<boolean>;
}

/** `waiting`: it is not time yet, or something was sealed anew just now; to be run again later. */
export type RetirementOutcome = 'done' | 'waiting';

export class Retirement {
  #looksAgainAtMs = 0;
  #run: Promise<RetirementOutcome> | null = null;
  readonly #stopping = new AbortController();

  constructor(private readonly parts: RetirementParts) {}

  /** Goes as far as it can now. One run at a time; a second call gets the one under way. @throws {StoreError} */
  attempt(): Promise<RetirementOutcome> {
    this.#run ??= this.#attempt().finally(() => { this.#run = null; });
    return this.#run;
  }

  /** Settles when the step under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort(new StoreError('stopped', 'the retirement was stopped'));
    await this.#run?.catch(() => undefined);
  }

  async #attempt(): Promise<RetirementOutcome> {
    const { clock, retireRootsBefore, store } = this.parts;
    const epoch = store.meta.loadNumber('retireEpoch');
    if (epoch === 0) return 'done';
    if (this.#stopping.signal.aborted || clock.nowMs() < this.#looksAgainAtMs || store.meta.loadNumber('resealEpoch') > 0) return 'waiting';
    this.#looksAgainAtMs = clock.nowMs() + LOOK_INTERVAL_MS;
    if (!this.#isTime(await this.#hasEverybodyPassed(epoch))) return 'waiting';
    const isNeeded = (await this.#resealDocuments(epoch)) || (await this.#resealBlobs(epoch));
    if (isNeeded || !(await retireRootsBefore(epoch))) return 'waiting';
    store.commit(() => (['retireEpoch', 'retireSinceMs'] as const).forEach((name) => store.meta.delete(name)), { durable: true });
    return 'done';
  }

  /** By what each device says of itself, sealed; which of them there are, the provider says. */
  async #hasEverybodyPassed(epoch: number): Promise<boolean> {
    const { listReplicas, store } = this.parts;
    const own = new Set([store.replicaUid, ...store.formerReplicaUids]);
    const others = (await listReplicas()).filter((replicaUid) => !own.has(replicaUid));
    return others.every((replicaUid) => (store.get('device', replicaUid)?.content.keyEpoch ?? 0) >= epoch);
  }

  #isTime(hasEverybodyPassed: boolean): boolean {
    const { clock, store: { meta } } = this.parts;
    if (!hasEverybodyPassed) meta.delete('retireSinceMs');
    else if (meta.load('retireSinceMs') === null) meta.save('retireSinceMs', clock.nowMs());
    return hasEverybodyPassed && clock.nowMs() - meta.loadNumber('retireSinceMs') >= RETIREMENT_DELAY_MS;
  }

  /** What others wrote last: our own was sealed anew, and under nothing else since. Whether any of it needs an earlier root. */
  async #resealDocuments(epoch: number): Promise<boolean> {
    const { store, sync, transport } = this.parts;
    let isNeeded = false;
    let page: PullPage | null = null;
    for (let since = 0 as PullPage['through']; page === null || page.through < page.generation; since = page.through) {
      this.#stopping.signal.throwIfAborted();
      page = await transport.pull({ replicaUid: store.replicaUid, since, classes: [...ALL_CLASSES], limit: PAGE_RECORDS, known: null });
      assertPageMoves(page, since);
      const older = page.items.filter((item) => item.epoch < epoch && this.#isReadable(item));
      store.commit(() => older.forEach((item) => this.#markForResealing(item)));
      isNeeded ||= older.length > 0;
    }
    if (isNeeded) await sync();
    return isNeeded;
  }

  /** What opens under no root is lost with none. */
  #isReadable(item: PullItem): boolean {
    const opened = openItem(item, this.parts.store);
    return opened.ok || opened.reason !== 'openFailed';
  }

  #markForResealing(item: PullItem): void {
    const { store } = this.parts;
    const opened = openItem(item, store);
    if (opened.ok) store.documents.markAgain(opened.document.documentId);
  }

  async #resealBlobs(epoch: number): Promise<boolean> {
    let isNeeded = false;
    for (const namespace of this.parts.namespaces) {
      for await (const blobId of this.#blobsIn(namespace)) {
        const found = await this.#epochOf(namespace, blobId);
        if (found === null || found >= epoch || this.parts.store.keys.isRetired(found)) continue;
        await resealBlob(namespace, blobId, this.parts);
        isNeeded = true;
      }
    }
    return isNeeded;
  }

  async *#blobsIn(namespace: BlobNamespace): AsyncGenerator<BlobId> {
    let after: BlobId | undefined;
    for (let more = true; more;) {
      const page = await this.parts.transport.listBlobs(namespace, { limit: LIST_BLOBS, ...(after && { after }) });
      for (const { blobId } of page.blobs) yield blobId;
      after = page.blobs.at(-1)?.blobId;
      more = page.more && after !== undefined;
    }
  }

  async #epochOf(namespace: BlobNamespace, blobId: BlobId): Promise<number | null> {
    this.#stopping.signal.throwIfAborted();
    const part = await this.parts.transport.fetchBlobPart(namespace, blobId, { from: 0, maxBytes: BLOB_BEGINNING_OCTETS, signal: this.#stopping.signal });
    return part && sealedBlobEpoch(part.octets);
  }
}
